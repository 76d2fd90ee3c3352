import { expect } from '../../../fixtures/expect.ts';
import type { Running } from '../../../mesh/injection/running.ts';
import type { KubeObject } from '../../../mesh/kube/objects.ts';
import type { Pod } from '../../../mesh/kube/pods.ts';
import type { AccessLog, LoggedRequest } from '../../../mesh/proxy/access-log.ts';
import { nodebook } from '../../../mesh/world/apps.ts';
import { saved } from '../../injection/saved.ts';
import { from, tallyOf } from '../../judge/samples.ts';
import { proxyShowing } from '../../proxy/dumps.ts';
import { answering } from './asked.ts';
import { told } from './told.ts';

/** A log with one line of the only request. */
const log = (flags: readonly string[]): AccessLog => {
  const line: LoggedRequest = {
    id: 'run-1',
    requestId: '5c1a',
    method: 'GET',
    path: '/version',
    status: 200,
    flags,
    details: '',
    route: '',
    bytesReceived: 0,
    bytesSent: 0,
    cluster: '',
    upstream: '',
  };
  return { name: 'ns/prober', ip: '10.1.1.1', about: () => Promise.resolve([line]) };
};
const byV3 = answering(tallyOf([1, from('v3')]));

told('logged: good', async () => {
  await expect(byV3).toBeLogged({ status: 200, ends: [{ log: log([]), says: { flags: [] } }] });
});

told('logged: with another flag', async () => {
  await expect(byV3).toBeLogged({ status: 200, ends: [{ log: log(['FI']), says: { flags: [] } }] });
});

const unknownHost = { code: 'IST0101', level: 'Error', origin: 'VirtualService ns/v', message: 'not found' } as const;
const weight = { code: 'IST0106', level: 'Error', origin: 'VirtualService ns/v', message: 'weight -5 < 0' } as const;
const info = { code: 'IST0118', level: 'Info', origin: 'Service ns/s', message: 'no name' } as const;

told('find: good', async () => {
  const analyzed = [
    { file: 'a/good.yaml', findings: [info] },
    { file: 'a/broken/host.yaml', findings: [unknownHost] },
  ];
  await Promise.resolve();
  expect(analyzed).toFind({ 'a/broken/host.yaml': ['IST0101'] });
});

told('find: another code, and one of the codes not', async () => {
  const analyzed = [
    { file: 'a/good.yaml', findings: [weight] },
    { file: 'a/broken/host.yaml', findings: [info] },
  ];
  await Promise.resolve();
  expect(analyzed).toFind({ 'a/broken/host.yaml': ['IST0101'], 'a/broken/forgotten.yaml': ['IST0101'] });
});

const init = {
  name: 'istio-init',
  args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-d', '15090,15021,15020'],
};
const proxy = { name: 'istio-proxy', args: ['proxy', 'sidecar', '--domain', 'x'] };
const sleep = (initContainers: readonly object[], containers: readonly object[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'sleep' },
  spec: { template: { spec: { initContainers, containers } } },
});
const native = sleep([init, proxy], [{ name: 'sleep' }]);
const none = sleep([], [{ name: 'sleep' }]);

told('carry: good', async () => {
  await Promise.resolve();
  expect([native]).toCarryOneProxy('native');
  expect([none]).not.toCarryOneProxy();
});

told('carry: two', async () => {
  await Promise.resolve();
  expect([sleep([init, proxy], [proxy])]).toCarryOneProxy();
});

told('carry: none', async () => {
  await Promise.resolve();
  expect([none]).toCarryOneProxy();
});

told('carry: although it should not', async () => {
  await Promise.resolve();
  expect([native]).not.toCarryOneProxy();
});

told('same proxy: good', async () => {
  await Promise.resolve();
  expect([native]).toCarrySameProxy([sleep([init], [proxy, { name: 'sleep' }])]);
});

const running: Running = {
  pod: {} as Pod,
  object: native,
  now: () => Promise.resolve(native),
  redirectionRules: () => Promise.resolve(saved),
  firstProcess: () => Promise.resolve('/usr/local/bin/pilot-agent proxy sidecar --domain x'),
};

told('redirect: good', async () => {
  await expect(running).toRedirect();
});

told('unchanged: good', async () => {
  await expect(running).toBeUnchanged();
});

told('show: good', async () => {
  const destinations = { clusters: [{ name: 'outbound|3000||nodebook.ns.svc.cluster.local' }] };
  const host = {
    domains: ['nodebook.ns.svc.cluster.local'],
    routes: [{ match: { prefix: '/' }, route: { cluster: destinations.clusters[0]?.name } }],
  };
  const chain = { filter_chain_match: { destination_port: 3000 } };
  const http = { typed_config: { rds: { route_config_name: '3000' } } };
  const view = proxyShowing({
    clusters: destinations.clusters.map((cluster) => ({ cluster })),
    routes: [{ route_config: { name: '3000', virtual_hosts: [host] } }],
    listeners: [
      { active_state: { listener: { name: '0.0.0.0_3000', filter_chains: [{ filters: [http] }] } } },
      { active_state: { listener: { name: 'virtualInbound', filter_chains: [chain] } } },
    ],
  });
  await expect({ ...view, namespace: 'ns' }).toShow(nodebook, []);
});

const before = new Map([['Namespace default', {}]]);
const withMore = new Map([...before, ['ConfigMap default/left', {}] as const]);

told('differ: good', async () => {
  await expect({ inventory: () => Promise.resolve(withMore) }).toDifferBy(before, ['+ ConfigMap default/left']);
});

told('differ: by something left', async () => {
  const cluster = { inventory: () => Promise.resolve(withMore), patience: { within: 0 } };
  await expect(cluster).toDifferBy(before, ['+ Namespace istio-system']);
});
