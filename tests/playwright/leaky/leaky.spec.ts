import { writeFileSync } from 'node:fs';
import { mergeTests } from '@playwright/test';
import { bearersTest } from '../../../fixtures/bearers.ts';
import { expect } from '../../../fixtures/expect.ts';
import { attachEvidence } from '../../../fixtures/rules.ts';
import { HarnessError } from '../../../mesh/errors.ts';
import type { Kube } from '../../../mesh/kube/kube.ts';
import type { Http } from '../../../mesh/kube/pod-http.ts';
import { Prober } from '../../../mesh/prober/client.ts';
import type { Order } from '../../../mesh/prober/protocol.ts';
import { Question } from '../../../mesh/prober/question.ts';

const test = mergeTests(bearersTest);

/** A mesh that repeats whatever it is sent: in answers, and in the log of a proxy. */
function chatterbox(): { readonly heard: string[]; readonly prober: Prober; readonly kube: Kube } {
  const heard: string[] = [];
  const send: Http['send'] = ({ body = '' }) => {
    const { headers = {}, target, count = 0 } = JSON.parse(body.toString()) as Order;
    const line = `${target} ${headers['authorization'] ?? ''}`;
    heard.push(line);
    const outcome = { kind: 'answered', status: 401, version: '', server: 'envoy', detail: line };
    const millis = { median: 1, p90: 1, p99: 1, max: 1 };
    const text = {
      sent: count,
      seconds: 1,
      endedBy: 'count',
      ratePerSecond: 1,
      startedAt: '',
      behindMillis: 0,
      millis,
      tally: [{ outcome, count }],
    };
    return Promise.resolve({ status: 200, text: JSON.stringify(text) });
  };
  const pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec: { containers: [{ name: 'istio-proxy' }] },
    status: {},
  };
  const kube = {
    list: ({ kind }: { readonly kind: string }) => Promise.resolve(kind === 'Pod' ? [pod] : []),
    rest: { call: () => Promise.resolve({ status: 200, text: heard.map((line) => `GET ${line} 401`).join('\n') }) },
  };
  return { heard, prober: new Prober({ peer: 'x', send }), kube: kube as unknown as Kube };
}

test('whatever repeats a token', async ({ bearers, ledger }, testInfo) => {
  const { heard, prober, kube } = chatterbox();
  const question = new Question({
    prober,
    from: 'outside',
    subject: 'httpbin',
    url: new URL('http://httpbin/'),
    order: {},
    circumstances: () => Promise.resolve({ service: 'httpbin', workloads: [] }),
    inForce: () => [],
    watcher: ledger,
  });
  const visitors = bearers(question, { good: {} });
  const asking = await visitors.ask('good', 'parameter /headers');
  await expect.soft(asking).toAnswer(200);
  await expect.soft(visitors).toTurnOut('leaks', { good: { 'header /headers': '200', 'parameter /headers': '200' } });
  await attachEvidence({ kube, namespace: 'n', rules: [], proxies: [] }, testInfo);
  // Out of the report's reach: by this the test knows what to look for.
  writeFileSync(process.env['HEARD_FILE'] ?? '', heard.join('\n'));
  throw new HarnessError({ code: 'X', blame: 'usage', doing: `Asking ${heard[0] ?? ''}`, seen: 'x', next: 'x' });
});
