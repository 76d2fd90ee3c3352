import { expect, test } from 'vitest';
import type { Kube } from '../../mesh/kube/kube.ts';
import { openLog } from '../../mesh/proxy/open-log.ts';

const pod = { namespace: 'istio-e2e-w0', name: 'prober-a' };
const line = (second: string, what: string) => `2026-11-22T01:22:${second}Z ${what}\n`;

/** A log that a look fetches as each of these in turn, and of which a follower is told this. */
function logOf(fetched: readonly string[], followed = '') {
  const asked: unknown[] = [];
  const text = ({ query }: { query: unknown }) => Promise.resolve(fetched[asked.push(query) - 1] ?? '');
  const stream = (_call: unknown, _doing: string, told: (more: string) => void) => {
    told(followed);
    return Promise.resolve();
  };
  return { asked, kube: { rest: { text, stream } } as unknown as Kube };
}

test('tells of what was written since it was opened, in its order, without the stamps', async () => {
  const before = line('03', 'old');
  const { kube, asked } = logOf([before, `${before}${line('04.68', 'first')}${line('04.680800746', 'second')}`]);
  await using log = await openLog(kube, pod);
  expect(await log.text()).toBe('first\nsecond\n');
  expect(asked[0]).toMatchObject({ container: 'istio-proxy', timestamps: 'true' });
});

test('a line that was rotated away is known from having been followed, and each counts once', async () => {
  const before = line('03', 'old');
  const { kube } = logOf(
    [before, `${line('05', 'b')}${line('06', 'c')}`],
    `${before}${line('04', 'a')}${line('05', 'b')}`,
  );
  await using log = await openLog(kube, pod);
  expect(await log.text()).toBe('a\nb\nc\n');
});

test('two lines that say the same are two', async () => {
  await using log = await openLog(logOf(['', `${line('04.1', 'same')}${line('04.2', 'same')}`]).kube, pod);
  expect(await log.text()).toBe('same\nsame\n');
});

test('a line that is still on its way is left for the next look', async () => {
  const { kube } = logOf(['', line('04', 'a')], `${line('04', 'a')}2026-11-22T01:22:05Z {"half`);
  await using log = await openLog(kube, pod);
  expect(await log.text()).toBe('a\n');
});

test('that the API server goes away while the log is followed is told by the look that fails, and by nothing besides', async () => {
  const gone = new Error('gone');
  const stream = () => Promise.reject(gone);
  const asked: unknown[] = [];
  const text = () => (asked.push('') === 1 ? Promise.resolve('') : Promise.reject(gone));
  const looking = async () => {
    await using log = await openLog({ rest: { text, stream } } as unknown as Kube, pod);
    return await log.text();
  };
  await expect(looking()).rejects.toBe(gone);
});
