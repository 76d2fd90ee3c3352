import { describe, expect, test } from 'vitest';
import { crashesAmong, crashIn } from '../../mesh/guard/crash.ts';
import type { Kube } from '../../mesh/kube/kube.ts';
import { panicOf, podOf, QuietMesh } from './quiet-mesh.ts';

const restart = (namespace: string, pod: string, container: string) => ({
  namespace,
  text: `${container} of pod ${pod} restarted`,
  restarted: { pod, container },
});
const istiod = restart('istio-system', 'istiod-a', 'discovery');
const gateway = restart('istio-system', 'gateway-a', 'istio-proxy');

/** What is said of a restart after which the log of the earlier life ends so. */
async function said(lastWords: string, change: ReturnType<typeof restart> = istiod) {
  const mesh = new QuietMesh();
  mesh.lastWords = lastWords;
  const { crashes, changes } = await crashesAmong(mesh.kube, [change]);
  return { crashes: crashes.map(({ text }) => text), changes: changes.map(({ text }) => text) };
}

test.each<[string, string, string]>([
  ['a panic', 'panic: assignment to entry in nil map', 'panic: assignment to entry in nil map'],
  ['one that was passed on', 'panic: no host [recovered, repanicked]', 'panic: no host [recovered, repanicked]'],
  ['a fatal error', 'fatal error: concurrent map writes', 'fatal error: concurrent map writes'],
  ['a cause of more than a line', 'panic: no host\n\tpanic: nor port', 'panic: no host'],
])('istiod that fell over %s crashed', async (_, cause, told) => {
  expect(await said(panicOf(cause))).toEqual({
    crashes: [`istiod in pod istiod-a crashed: ${told}`],
    changes: [],
  });
});

test('the cause is found above a stack of thousands of lines, all goroutines of which are told', async () => {
  const { crashes } = await said(panicOf('fatal error: stack overflow', 17_000));
  expect(crashes).toEqual(['istiod in pod istiod-a crashed: fatal error: stack overflow']);
});

test('a cause that never ends is cut', async () => {
  const { crashes } = await said(panicOf(`panic: ${'x'.repeat(5_000)}`));
  expect(crashes[0]).toHaveLength('istiod in pod istiod-a crashed: '.length + 300);
});

test.each<[string, string]>([
  ['that was killed, which writes nothing', '2026-11-20T22:31:01.000001Z\tinfo\tads\tPush debounce stable\n'],
  ['whose earlier log is empty', ''],
  ['that logged of a panic it lived through', '2026-11-20T22:31:01.000001Z\terror\thttp: panic: no host\n'],
  ['that got no memory', panicOf('fatal error: runtime: out of memory')],
  ['that got no thread', panicOf('fatal error: newosproc')],
])('istiod %s did not crash', async (_, lastWords) => {
  expect(await said(lastWords)).toEqual({ crashes: [], changes: [istiod.text] });
});

test("a container that only has istiod's name, or its words, did not crash", async () => {
  const words = panicOf('panic: no host');
  for (const change of [restart('istio-e2e-w0', 'app-a', 'discovery'), restart('istio-system', 'istiod-a', 'other')])
    expect(await said(words, change)).toEqual({ crashes: [], changes: [change.text] });
});

test('istiod whose earlier log is gone did not crash, as far as anybody knows', async () => {
  const rest = { call: () => Promise.resolve({ status: 400, text: 'panic: previous container not found' }) };
  expect(await crashesAmong({ rest } as unknown as Kube, [istiod])).toEqual({ crashes: [], changes: [istiod] });
});

test('what is replaced has no earlier life', async () => {
  const mesh = new QuietMesh();
  mesh.lastWords = panicOf('panic: no host');
  const replaced = { namespace: 'istio-system', text: 'pod istiod-a of istiod was replaced by istiod-b' };
  expect(await crashesAmong(mesh.kube, [replaced])).toEqual({ crashes: [], changes: [replaced] });
});

test("a proxy's agent that fell over a panic crashed, too", async () => {
  expect(await said(panicOf('panic: nil map'), gateway)).toEqual({
    crashes: ['the proxy of pod gateway-a crashed: panic: nil map'],
    changes: [],
  });
});

test('a proxy crashed where its agent says so, and not where it was killed', async () => {
  const words = (end: string) => `error\tEnvoy exited with error: signal: ${end}\n`;
  expect(await said(words('aborted'), gateway)).toEqual({
    crashes: ['the proxy of pod gateway-a crashed: signal: aborted'],
    changes: [],
  });
  expect(await said(words('killed'), gateway)).toEqual({ crashes: [], changes: [gateway.text] });
});

describe('of a namespace that does not come up', () => {
  const told = async (lastWords: string, restarts: number) => {
    const mesh = new QuietMesh();
    mesh.lastWords = lastWords;
    mesh.becomes('gateway-a', podOf('istio-system', 'gateway-a', 'gateway', restarts));
    return crashIn(mesh.kube, 'istio-system');
  };
  const crashed = 'error\tEnvoy exited with error: signal: segmentation fault\n';

  test('the first crash is told, by the last words of what began anew', async () => {
    expect(await told(crashed, 3)).toBe('the proxy of pod gateway-a crashed: signal: segmentation fault');
  });

  test.each([
    ['what fell over what the machine lacks', 'error\tfailed to start SDS server: too many open files\n', 3],
    ['what only waits', crashed, 0],
  ])('%s is no crash', async (_, lastWords, restarts) => {
    expect(await told(lastWords, restarts)).toBeUndefined();
  });

  test('a cluster that does not answer tells of none', async () => {
    const kube = { list: () => Promise.reject(new Error('reset')) } as unknown as Kube;
    expect(await crashIn(kube, 'istio-system')).toBeUndefined();
  });
});
