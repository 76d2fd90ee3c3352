import { expect, test } from 'vitest';
import type { Kube } from '../../mesh/kube/kube.ts';
import { uncutFrom } from '../../mesh/proxy/rotation.ts';

/** A log that begins with each of these in turn. */
function logBeginning(...beginnings: readonly string[]) {
  const asked: unknown[] = [];
  const text = ({ query }: { query: unknown }) => Promise.resolve(beginnings[asked.push(query) - 1]);
  return { asked, kube: { rest: { text } } as unknown as Kube };
}
const pod = { namespace: 'istio-e2e-w0', name: 'prober-a' };

test('a log that begins as before was not rotated; only its beginning is read', async () => {
  const { kube, asked } = logBeginning('2026-11-21T22:26:02Z {', '2026-11-21T22:26:02Z {');
  const uncut = await uncutFrom(kube, pod);
  await uncut();
  expect(asked[0]).toEqual({ container: 'istio-proxy', limitBytes: '64', timestamps: 'true' });
});

test('one that begins otherwise was, and the environment is to blame', async () => {
  const uncut = await uncutFrom(logBeginning('2026-11-21T22:26:02Z {', '2026-11-21T22:28:02Z {').kube, pod);
  await expect(uncut()).rejects.toMatchObject({ code: 'LOG_CUT', blame: 'environment' });
});

test('one in which nothing stood had nothing to lose', async () => {
  const uncut = await uncutFrom(logBeginning('', '2026-11-21T22:28:02Z {').kube, pod);
  await uncut();
});
