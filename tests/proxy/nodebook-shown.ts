import { parseRules } from '../../mesh/rules/rule.ts';
import { cluster, listener, plainChain } from './dumps.ts';

/** Rules for nodebook, and what a proxy shows that has them. */
export const rules = parseRules(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: nodebook }
spec: { host: nodebook, subsets: [{ name: v3 }, { name: v4 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: nodebook }
spec:
  hosts: [nodebook]
  http:
    - match: [{ headers: { app-ver: { exact: v3 } }, uri: { prefix: /version } }]
      route: [{ destination: { host: nodebook, subset: v3 } }]
    - route:
        - { destination: { host: nodebook, subset: v3 }, weight: 20 }
        - { destination: { host: nodebook, subset: v4 }, weight: 80 }
`);
const to = (subset: string) => `outbound|3000|${subset}|nodebook.istio-e2e-w0.svc.cluster.local`;
const weighted = (subset: string, weight: number) => ({ name: to(subset), weight });
export const routes = [
  {
    match: { prefix: '/version', headers: [{ name: 'app-ver', string_match: { exact: 'v3' } }] },
    route: { cluster: to('v3') },
  },
  { match: { prefix: '/' }, route: { weighted_clusters: { clusters: [weighted('v3', 20), weighted('v4', 80)] } } },
];
export const table = (all: readonly object[]) => ({
  route_config: {
    name: '3000',
    virtual_hosts: [
      { domains: ['nodebook.istio-e2e-w0.svc.cluster.local', 'nodebook'], routes: all },
      { domains: ['*'], routes: [] },
    ],
  },
});
const own = { name: 'virtualInbound', filter_chains: [{ filter_chain_match: { destination_port: 3000 } }] };
export const listeners = [
  listener(3000, plainChain('3000')),
  { name: 'virtualInbound', active_state: { listener: own } },
];
export const clusters = ['', 'v3', 'v4'].map((subset) => cluster(subset, 'nodebook'));
