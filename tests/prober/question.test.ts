import { expect, test } from 'vitest';
import { Prober } from '../../mesh/prober/client.ts';
import { loopback } from '../../mesh/prober/loopback.ts';
import { Question, type Sample, type Traffic } from '../../mesh/prober/question.ts';
import { from } from '../judge/samples.ts';
import { localHttp, type Seen } from './local-http.ts';

const report = (sent: number, counted = sent) => ({
  sent,
  seconds: 1,
  endedBy: 'count',
  ratePerSecond: sent,
  startedAt: '2026-11-20T19:55:56.000Z',
  behindMillis: 0,
  millis: { median: 1, p90: 1, p99: 1, max: 1 },
  tally: [{ outcome: from('v3'), count: counted }],
});

async function questionTo(answer: (seen: Seen) => { readonly status: number; readonly body: unknown }) {
  const server = await localHttp(answer);
  const http = loopback(server.port);
  const samples: Sample[] = [];
  const traffic: Traffic[] = [];
  const question = new Question({
    prober: new Prober(http),
    from: 'caller',
    subject: 'nodebook',
    url: new URL('http://nodebook:3000/version'),
    order: { headers: { host: 'nodebook' } },
    circumstances: () => Promise.resolve({ service: 'nodebook', workloads: [] }),
    inForce: () => [],
    watcher: {
      sampled: (sample) => samples.push(sample),
      started: (one) => traffic.push(one),
      stopped: () => undefined,
    },
  });
  const dispose = async () => {
    await http[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return { question, server, samples, traffic, [Symbol.asyncDispose]: dispose };
}

test('a question becomes one order, and its refinements are in it', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(66) }));
  const refined = asked.question
    .with({ 'app-ver': 'v3' })
    .at('/delay/5')
    .overFreshConnections()
    .resolvedTo('10.1.1.1:3000');
  const sample = await refined.ask(66);
  expect(asked.server.seen).toHaveLength(1);
  expect(asked.server.seen[0]).toMatchObject({ method: 'POST', path: '/send' });
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toEqual({
    target: 'http://nodebook:3000/delay/5',
    headers: {
      host: 'nodebook',
      'app-ver': 'v3',
      'user-agent': expect.stringMatching(/^istio-e2e\/[\w-]{36}$/) as string,
    },
    connections: 'fresh',
    connectTo: '10.1.1.1:3000',
    count: 66,
    concurrency: 16,
    giveUpAfter: 16,
    budgetMillis: 45_000,
  });
  expect(sample.question).toBe(
    'caller to nodebook with app-ver: v3 /delay/5 over fresh connections resolved to 10.1.1.1:3000',
  );
  expect(asked.samples).toEqual([sample]);
});

test('what a cookie says is sent, and not said', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(1) }));
  const signedIn = asked.question.with({ cookie: 'session=amFzb24', 'app-ver': 'v3' });
  await signedIn.ask(1);
  expect(signedIn.name).toBe('caller to nodebook with cookie set, app-ver: v3');
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toMatchObject({ headers: { cookie: 'session=amFzb24' } });
});

test('a refinement leaves the question as it was', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(1) }));
  asked.question.overTls({ ca: 'PEM', serverName: 'a.example.com' });
  await asked.question.ask(1);
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toMatchObject({ target: 'http://nodebook:3000/version' });
  expect(asked.question.name).toBe('caller to nodebook');
});

test('requests that the prober lost count as not answered', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(66, 60) }));
  const { tally } = await asked.question.ask(66);
  expect(tally.at(-1)).toEqual({
    count: 6,
    outcome: { kind: 'refused', reason: 'other', detail: 'the prober lost it' },
  });
});

test.each(['silence', 'budget'])('what the prober gave up for %s is not asked, and not lost', async (endedBy) => {
  await using asked = await questionTo(() => ({ status: 200, body: { ...report(31), endedBy } }));
  const { asked: sent, unsent, tally } = await asked.question.ask(135);
  expect({ sent, unsent }).toEqual({ sent: 31, unsent: 104 });
  expect(tally).toEqual([{ outcome: from('v3'), count: 31 }]);
});

test('who asks one after the other gives up after one', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(66) }));
  await asked.question.ask(66, { concurrency: 1 });
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toMatchObject({ concurrency: 1, giveUpAfter: 1 });
});

test('traffic is started, known to its owner, and stopped once', async () => {
  await using asked = await questionTo(({ path }) =>
    path === '/runs' ? { status: 201, body: { id: 'r1' } } : { status: 200, body: { ...report(30), records: [] } },
  );
  const traffic = await asked.question.keepAsking(100);
  expect(asked.traffic).toEqual([traffic]);
  const [first, second] = [await traffic.stop(), await traffic.stop()];
  expect(second).toBe(first);
  expect(first.asked).toBe(30);
  expect(asked.server.seen.map(({ path }) => path)).toEqual(['/runs', '/runs/r1/stop']);
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toMatchObject({ rate: 100, records: true });
});

test.each([
  [400, { error: 'count must be a number' }, /PROBER_FAILED/],
  [200, { sent: 'many' }, /expected: a report/],
  [502, 'no route to pod', /502 no route to pod/],
])('an answer %d %o is an error that says who was asked', async (status, body, words) => {
  await using asked = await questionTo(() => ({ status, body }));
  await expect(asked.question.ask(1)).rejects.toThrow(words);
  await expect(asked.question.ask(1)).rejects.toThrow(/Asking the prober \(process at http:\/\/127/);
});

test('where each request is of interest, its id is known beforehand', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(100) }));
  const sample = await asked.question.reading(/hello (\w+)/).ask(100, { records: true, concurrency: 100 });
  const order = JSON.parse(asked.server.seen[0]?.body ?? '') as unknown;
  expect(sample.idPrefix).toMatch(/^[0-9a-f-]{36}$/);
  expect(order).toMatchObject({
    records: true,
    idPrefix: sample.idPrefix,
    concurrency: 100,
    version: { pattern: 'hello (\\w+)' },
  });
});

test('a load lasts for so long over so many connections, and was asked as often as it was sent', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(1234) }));
  const sample = await asked.question.load(100, 10);
  expect(sample.asked).toBe(1234);
  expect(JSON.parse(asked.server.seen[0]?.body ?? '')).toMatchObject({ concurrency: 100, durationSeconds: 10 });
});

test('who has no proxy of its own cannot be asked for it', async () => {
  await using asked = await questionTo(() => ({ status: 200, body: report(1) }));
  expect(() => asked.question.proxy).toThrow(
    /caller to nodebook: this caller has no proxy of its own \[NO_OWN_PROXY\]/,
  );
});
