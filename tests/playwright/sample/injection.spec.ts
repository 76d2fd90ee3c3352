import { expect } from '../../../fixtures/expect.ts';
import type { Running } from '../../../mesh/injection/running.ts';
import type { KubeObject } from '../../../mesh/kube/objects.ts';
import type { Pod } from '../../../mesh/kube/pods.ts';
import { saved } from '../../injection/saved.ts';
import { told } from './told.ts';

const redirecting = (mode: string) => ({
  name: 'istio-init',
  args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', mode, '-d', '15090,15021,15020'],
});
const init = redirecting('REDIRECT');
const proxy = {
  name: 'istio-proxy',
  image: 'proxyv2:1.31.1',
  args: ['proxy', 'sidecar', '--domain', 'x'],
  env: [{ name: 'CA_ADDR', value: 'istiod:15012' }],
};
const sleep = (initContainers: readonly object[], containers: readonly object[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'sleep' },
  spec: { template: { spec: { initContainers, containers } } },
});
const native = sleep([init, proxy], [{ name: 'sleep' }]);
const classic = sleep([init], [proxy, { name: 'sleep' }]);
const none = sleep([], [{ name: 'sleep' }]);

told('toCarryOneProxy: good', () => {
  expect([native]).toCarryOneProxy('native');
  expect([none]).not.toCarryOneProxy();
});
told(
  'toCarryOneProxy: two',
  () => {
    expect([sleep([init, proxy], [proxy])]).toCarryOneProxy();
  },
  `Deployment sleep carries 2 containers istio-proxy, and should one
  expected: one istio-proxy and istio-init
  seen: istio-init, native istio-proxy, classic istio-proxy`,
);
told(
  'toCarryOneProxy: none',
  () => {
    expect([none]).toCarryOneProxy();
  },
  'Deployment sleep carries no istio-proxy',
);
told(
  'toCarryOneProxy: although it should not',
  () => {
    expect([native]).not.toCarryOneProxy();
  },
  'Deployment sleep carries a proxy, and should not',
);
told(
  'toCarryOneProxy: of another kind',
  () => {
    expect([classic]).toCarryOneProxy('native');
  },
  'Deployment sleep carries a classic sidecar, and not a native one',
);
told(
  'toCarryOneProxy: that nothing is redirected to',
  () => {
    expect([sleep([proxy], [])]).toCarryOneProxy();
  },
  'Deployment sleep has no container istio-init that redirects',
);
told(
  'toCarryOneProxy: that is redirected to otherwise',
  () => {
    expect([sleep([redirecting('TPROXY'), proxy], [])]).toCarryOneProxy();
  },
  'Deployment sleep redirects with mode TPROXY, and not REDIRECT',
);

const compared = (other: object, otherInit: object = init) => {
  expect([native]).toCarrySameProxy([sleep([otherInit, other], [])]);
};

told('toCarrySameProxy: good', () => {
  expect([native]).toCarrySameProxy([classic]);
});
told(
  'toCarrySameProxy: of another image',
  () => {
    compared({ ...proxy, image: 'proxyv2:1.31.0' });
  },
  'the injected files differ: image of istio-proxy is "proxyv2:1.31.1" here, "proxyv2:1.31.0" there',
);
told(
  'toCarrySameProxy: with other arguments',
  () => {
    compared(proxy, redirecting('TPROXY'));
  },
  /^the injected files differ: args of istio-init is .*"REDIRECT".* here, .*"TPROXY".* there/,
);
told(
  'toCarrySameProxy: without a variable',
  () => {
    compared({ ...proxy, env: [] });
  },
  'the injected files differ: variable CA_ADDR of istio-proxy is {"name":"CA_ADDR","value":"istiod:15012"} here, not set there',
);
told(
  'toCarrySameProxy: with nothing at all there',
  () => {
    expect([native]).toCarrySameProxy([none]);
  },
  'the injected files differ: istio-init is missing there',
);

const running = (change: Partial<Running> = {}): Running => ({
  pod: {} as Pod,
  object: native,
  now: () => Promise.resolve(native),
  redirectionRules: () => Promise.resolve(saved),
  firstProcess: () => Promise.resolve('/usr/local/bin/pilot-agent proxy sidecar --domain x'),
  ...change,
});
const withRules = (rules: string) => running({ redirectionRules: () => Promise.resolve(rules) });
const without = (line: string) => saved.replace(`${line}\n`, '');

told('toRedirect: good', () => expect(running()).toRedirect());
told(
  'toRedirect: without the rule for what leaves',
  () => expect(withRules(without('-A OUTPUT -j ISTIO_OUTPUT'))).toRedirect(),
  'Deployment sleep: what the program sends goes past the proxy, and not to 15001',
);
told(
  'toRedirect: without the rule for what comes in',
  () => expect(withRules(without('-A PREROUTING -p tcp -j ISTIO_INBOUND'))).toRedirect(),
  'Deployment sleep: what comes in goes past the proxy, and not to 15006',
);
told(
  'toRedirect: to another program',
  () => expect(running({ firstProcess: () => Promise.resolve('/usr/local/bin/envoy -c x') })).toRedirect(),
  'Deployment sleep: has its proxy started by `/usr/local/bin/envoy -c x`',
);
told(
  'toRedirect: without an init container',
  () => expect(running({ object: sleep([proxy], []) })).toRedirect(),
  'Deployment sleep: has no container istio-init',
);

const pod = (uid: string, restartCount: number, ...containers: readonly object[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'sleep', uid },
  spec: { containers },
  status: { containerStatuses: [{ restartCount }] },
});
const program = { name: 'sleep' };
const then = pod('a', 0, program);
const became = (now: KubeObject | undefined) => running({ object: then, now: () => Promise.resolve(now) });

told('toBeUnchanged: good', () => expect(became(then)).toBeUnchanged());
told(
  'toBeUnchanged: gone',
  () => expect(became(undefined)).toBeUnchanged(),
  `Pod sleep did not stay as it was: gone
  expected: a with sleep; no istio-init; 0 restarts`,
);
told(
  'toBeUnchanged: started again',
  () => expect(became(pod('a', 1, program))).toBeUnchanged(),
  'Pod sleep did not stay as it was: a with sleep; no istio-init; 1 restarts',
);
told(
  'toBeUnchanged: another one',
  () => expect(became(pod('b', 0, program))).toBeUnchanged(),
  'Pod sleep did not stay as it was: b with sleep; no istio-init; 0 restarts',
);
told(
  'toBeUnchanged: with a proxy besides',
  () => expect(became(pod('a', 0, program, proxy))).toBeUnchanged(),
  'Pod sleep did not stay as it was: a with sleep, istio-proxy; no istio-init, classic istio-proxy; 0 restarts',
);
