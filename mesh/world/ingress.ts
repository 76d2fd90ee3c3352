import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import type { ProxyView } from '../proxy/view.ts';
import type { GatewayProxy } from '../rules/scene.ts';

const schema = z.object({
  spec: z.object({
    ports: z.array(
      z.object({
        name: z.string().default(''),
        port: z.number(),
        targetPort: z.union([z.number(), z.string()]).optional(),
        nodePort: z.number().optional(),
      }),
    ),
  }),
});
type Ports = z.infer<typeof schema>['spec']['ports'];

/** An ingress gateway: its proxies, and its doors to the world outside. */
export interface Ingress {
  readonly namespace: string;
  readonly service: string;
  readonly shared: boolean;
  readonly proxies: readonly GatewayProxy[];
  /** `172.18.0.2:31567`: the node's address and the node port of a port of the Service. */
  address(portName: string): string;
}

export interface IngressRef {
  readonly namespace: string;
  readonly service: string;
  /** Value of the label `istio` on its pods, by which Gateways select them. */
  readonly istio: string;
  readonly shared: boolean;
  readonly viewOf: (pod: Pod) => ProxyView;
}

export async function findIngress(
  kube: Kube,
  { namespace, service, istio, shared, viewOf }: IngressRef,
): Promise<Ingress> {
  const [object, pods] = await Promise.all([
    kube.get({ apiVersion: 'v1', kind: 'Service', metadata: { name: service, namespace } }),
    readyPodsOf(kube, { namespace, labels: { istio } }),
  ]);
  const [pod] = pods;
  if (object === undefined || pod === undefined) throw notThere(`${namespace}/${service}`, object === undefined);
  const { ports } = schema.parse(object).spec;
  const labels = { istio };
  const proxies = pods.map((one) => ({
    view: viewOf(one),
    labels,
    shared,
    listenerPort: (port: number) => target(ports, port),
  }));
  return { namespace, service, shared, proxies, address: (name) => `${pod.nodeIp}:${nodePort(ports, name, service)}` };
}

function target(ports: Ports, port: number): number {
  const wanted = ports.find((candidate) => candidate.port === port)?.targetPort;
  return typeof wanted === 'number' ? wanted : port;
}

function nodePort(ports: Ports, name: string, service: string): number {
  const port = ports.find((candidate) => candidate.name === name);
  if (port?.nodePort !== undefined) return port.nodePort;
  throw new HarnessError({
    code: 'NO_NODE_PORT',
    blame: 'usage',
    doing: `Building the address of port ${name} of ${service}`,
    expected: `one of ${ports.map((candidate) => candidate.name).join(', ')}, with a node port`,
    seen: port === undefined ? 'no such port' : 'a port without a node port',
    next: 'name a port that is there, or make the Service of type NodePort or LoadBalancer',
  });
}

function notThere(name: string, noService: boolean): HarnessError {
  return new HarnessError({
    code: 'NO_INGRESS',
    blame: 'environment',
    doing: `Looking for ingress gateway ${name}`,
    seen: noService ? 'there is no such Service' : 'none of its pods is ready',
    next: 'deploy again with `npm run deploy`',
  });
}
