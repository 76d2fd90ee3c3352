import { expect, test } from 'vitest';
import { anatomyInWords, anatomyOf } from '../../mesh/injection/anatomy.ts';
import { injectedInto, proxyDifferences } from '../../mesh/injection/compare.ts';
import type { KubeObject } from '../../mesh/kube/objects.ts';

const init = {
  name: 'istio-init',
  args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT'],
};
const proxy = { name: 'istio-proxy', args: ['proxy', 'sidecar'] };
const app = { name: 'sleep' };

function deployment(initContainers: readonly object[], containers: readonly object[]): KubeObject {
  const template = { spec: { initContainers, containers } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'sleep' }, spec: { template } };
}

test('a native sidecar stands among the init containers, a classic one among the containers', () => {
  const native = anatomyOf(deployment([init, { ...proxy, restartPolicy: 'Always' }], [app]));
  expect(anatomyInWords(native)).toBe('istio-init, native istio-proxy');
  expect(native.redirection).toEqual({ outbound: '15001', inbound: '15006', user: '1337', mode: 'REDIRECT', past: [] });
  expect(anatomyInWords(anatomyOf(deployment([init], [proxy, app])))).toBe('istio-init, classic istio-proxy');
});

test("with Istio's CNI plugin the init container that only looks is told the same", () => {
  const template = deployment([{ ...init, name: 'istio-validation' }], [proxy, app]);
  expect(anatomyOf(template).redirection).toEqual(anatomyOf(deployment([init], [proxy, app])).redirection);
  expect(proxyDifferences(injectedInto([template]), injectedInto([deployment([init], [proxy, app])]))).toEqual([
    'name of istio-init is "istio-validation" here, "istio-init" there',
  ]);
});

test('proxies of both kinds are counted together', () => {
  expect(anatomyOf(deployment([init, proxy], [proxy, app])).proxies).toHaveLength(2);
});

test('a pod is looked at like the template of one', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'sleep' }, spec: { containers: [app] } };
  expect(anatomyInWords(anatomyOf(pod))).toBe('no istio-init');
});

test('two injected files differ in what the proxy is, and not in where it stands', () => {
  const native = injectedInto([deployment([init, { ...proxy, restartPolicy: 'Always' }], [app])]);
  expect(proxyDifferences(native, injectedInto([deployment([init], [proxy, app])]))).toEqual([]);
  expect(proxyDifferences(native, injectedInto([deployment([init], [{ ...proxy, args: ['proxy'] }, app])]))).toEqual([
    'args of istio-proxy is ["proxy","sidecar"] here, ["proxy"] there',
  ]);
});

test('variables are compared one by one, but for the two by which only istioctl itself names the owner', () => {
  const withEnv = (...env: readonly object[]) => [deployment([init], [{ ...proxy, env }, app])];
  const [mode, owner] = [
    { name: 'MODE', value: 'REDIRECT' },
    { name: 'ISTIO_META_OWNER', value: 'x' },
  ];
  expect(
    proxyDifferences(injectedInto(withEnv(mode, owner)), injectedInto(withEnv({ ...mode, value: 'TPROXY' }))),
  ).toEqual([
    'variable MODE of istio-proxy is {"name":"MODE","value":"REDIRECT"} here, {"name":"MODE","value":"TPROXY"} there',
  ]);
});
