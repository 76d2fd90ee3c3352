import { expect, test } from 'vitest';
import type { Kube } from '../../mesh/kube/kube.ts';
import type { Pod } from '../../mesh/kube/pods.ts';
import { inUseByIstiod, inUseByProxy } from '../../mesh/soak/in-use.ts';

const MIB = 1024 ** 2;
const pod = { namespace: 'istio-e2e-w0', name: 'prober-1' } as Pod;
const agent = [
  '# TYPE istio_agent_go_memstats_next_gc_bytes gauge',
  `istio_agent_go_memstats_next_gc_bytes ${12 * MIB}`,
  'istio_agent_go_gc_gogc_percent 100',
].join('\n');
const envoy = `# TYPE envoy_server_memory_allocated gauge\nenvoy_server_memory_allocated_peak{} 1\nenvoy_server_memory_allocated{} ${10 * MIB}\n`;

/** Pods that answer each path with this text. */
const answering = (texts: Readonly<Record<string, string>>) =>
  ({
    pod: (_: string, __: string, port: number) => ({
      peer: 'pod',
      send: ({ path }: { readonly path: string }) => {
        const text = texts[`${port}${path}`];
        return Promise.resolve({ status: text === undefined ? 503 : 200, text: text ?? 'no endpoints' });
      },
    }),
  }) as unknown as Kube;

test('a proxy holds what Envoy has allocated, and the heap that its agent had left', async () => {
  expect(await inUseByProxy(answering({ '15020/stats/prometheus': `${agent}\n${envoy}` }), pod)).toBe(16);
});

test.each([
  ['Envoy', agent],
  ['its agent', envoy],
])('a proxy of which %s does not say has no figure', async (_, figures) => {
  expect(await inUseByProxy(answering({ '15020/stats/prometheus': figures }), pod)).toBeUndefined();
  expect(await inUseByProxy(answering({}), pod)).toBeUndefined();
});

test("istiod's heap is taken from where its next collection begins", async () => {
  const of = (figures: string) => inUseByIstiod(answering({ '15014/metrics': figures }), pod);
  expect(await of(`go_gc_gogc_percent 50\ngo_memstats_next_gc_bytes 1.5728640e+08\n`)).toBe(100);
  expect(await of('go_memstats_next_gc_bytes 1e+08')).toBeUndefined();
});
