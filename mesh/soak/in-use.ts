import { MONITORING_PORT } from '../guard/istiod.ts';
import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';

const MIB = 1024 ** 2;
/** Where pilot-agent shows its own figures and those of its Envoy. */
const AGENT_PORT = 15020;

/**
 * MiB that the programs of a pod's proxy hold: what Envoy's allocator has given out, and what pilot-agent's heap had left after its last collection.
 * Undefined where one of them does not say.
 */
export async function inUseByProxy(kube: Kube, pod: Pod): Promise<number | undefined> {
  const figures = await figuresOf(kube, pod, AGENT_PORT, '/stats/prometheus');
  const [envoy, agent] = [figureIn(figures, 'envoy_server_memory_allocated'), heapIn(figures, 'istio_agent_')];
  return envoy === undefined || agent === undefined ? undefined : (envoy + agent) / MIB;
}

/** MiB that istiod's heap had left after its last collection; undefined where it does not say. */
export async function inUseByIstiod(kube: Kube, pod: Pod): Promise<number | undefined> {
  const heap = heapIn(await figuresOf(kube, pod, MONITORING_PORT, '/metrics'), '');
  return heap === undefined ? undefined : heap / MIB;
}

/**
 * Bytes that a Go program's last collection left, with some of its stacks. Its next one begins when the heap has grown by GOGC percent of that:
 * https://go.dev/doc/gc-guide#GOGC
 */
function heapIn(figures: string, prefix: string): number | undefined {
  const goal = figureIn(figures, `${prefix}go_memstats_next_gc_bytes`);
  const percent = figureIn(figures, `${prefix}go_gc_gogc_percent`);
  return goal === undefined || percent === undefined ? undefined : goal / (1 + percent / 100);
}

/** The value of a figure without labels, in Prometheus' text format. */
function figureIn(figures: string, name: string): number | undefined {
  const line = figures.split('\n').find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

async function figuresOf(kube: Kube, { namespace, name }: Pod, port: number, path: string): Promise<string> {
  const { status, text } = await kube.pod(namespace, name, port).send({ method: 'GET', path });
  return status === 200 ? text : '';
}
