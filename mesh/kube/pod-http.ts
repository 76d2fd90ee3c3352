import type { Call, Reply, Rest } from './rest.ts';

/** HTTP to something that answers plain HTTP: a pod behind the API server, or a process on this machine. */
export interface Http {
  /** Who answers, for messages: `pod istio-e2e-w0/prober-7d4f`. */
  readonly peer: string;
  send(call: Omit<Call, 'query'>): Promise<Reply>;
}

/** Reaches a port of a pod through the API server, so that it works on any cluster and needs no port-forward. */
export function podHttp(rest: Rest, namespace: string, pod: string, port: number): Http {
  const root = `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy`;
  return {
    peer: `pod ${namespace}/${pod}`,
    send: (call) => rest.call({ ...call, path: `${root}${call.path}` }),
  };
}
