import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

const node = z.object({
  data: z.object({ id: z.string(), app: z.string().optional(), service: z.string().optional() }),
});
const edge = z.object({ data: z.object({ source: z.string(), target: z.string() }) });
const graph = z.object({ elements: z.object({ nodes: z.array(node).nullish(), edges: z.array(edge).nullish() }) });

/** Who called whom in a namespace in the last ten seconds, as Kiali draws it: `productpage -> reviews`. */
export async function callsIn(http: Http, namespace: string): Promise<readonly string[]> {
  const query = new URLSearchParams({
    namespaces: namespace,
    graphType: 'app',
    duration: '10s',
    injectServiceNodes: 'false',
  });
  const path = `/kiali/api/namespaces/graph?${query.toString()}`;
  const { status, text } = await http.send({ method: 'GET', path });
  if (status !== 200) throw unreadable(http.peer, `${status} ${text.slice(0, 200)}`);
  const { nodes, edges } = graph.parse(JSON.parse(text)).elements;
  const names = new Map((nodes ?? []).map(({ data: { id, app, service } }) => [id, app ?? service ?? id]));
  const name = (id: string) => names.get(id) ?? id;
  return (edges ?? []).map(({ data: { source, target } }) => `${name(source)} -> ${name(target)}`);
}

/** Where its page draws the same. */
export function graphPath(namespace: string): string {
  const query = new URLSearchParams({ namespaces: namespace, graphType: 'app', duration: '10', refresh: '0' });
  return `/kiali/console/graph/namespaces?${query.toString()}`;
}

function unreadable(peer: string, seen: string): HarnessError {
  return new HarnessError({
    code: 'GRAPH_UNREADABLE',
    blame: 'environment',
    doing: `Asking Kiali (${peer}) for its graph`,
    seen,
    next: 'see whether its pod is running, and its log',
  });
}
