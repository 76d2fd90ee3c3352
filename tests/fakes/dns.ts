import { cluster } from '../kube/api-server.ts';

interface Change {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string | null>> };
  readonly spec: { readonly replicas: number };
}

/** An API server with CoreDNS, whose pods follow at once, and with a slot of somebody else's. */
export async function withDns(replicas: number, { pods = true } = {}) {
  const dns = { replicas, annotations: {} as Record<string, string> };
  const change = ({ metadata, spec }: Change) => {
    dns.replicas = spec.replicas;
    const after = Object.entries({ ...dns.annotations, ...metadata?.annotations });
    dns.annotations = Object.fromEntries(after.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
  };
  const deployment = () => ({
    metadata: { name: 'coredns', namespace: 'kube-system', annotations: dns.annotations },
    spec: { replicas: dns.replicas, template: { metadata: { labels: { 'k8s-app': 'kube-dns' } } } },
    status: { readyReplicas: dns.replicas, updatedReplicas: dns.replicas, replicas: dns.replicas },
  });
  const there = await cluster(({ method, path, body }) => {
    if (method === 'PATCH') change(JSON.parse(body) as Change);
    if (path.includes('/deployments/coredns')) return { status: 200, body: deployment() };
    if (path.includes('/deployments')) return { status: 200, body: { items: [deployment()] } };
    if (path.includes('/pods')) {
      if (!pods) return { status: 403, body: { message: 'pods is forbidden' } };
      return { status: 200, body: { items: Array.from({ length: dns.replicas }, () => ({})) } };
    }
    return { status: 200, body: { metadata: { name: 'istio-e2e-w0' } } };
  });
  return { dns, kube: there.kube, [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() };
}
