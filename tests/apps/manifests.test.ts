import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: {
    replicas: number;
    clusterIP?: string;
    ports: { name: string; port: number }[];
    selector: Record<string, string>;
    template: {
      metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
      spec: { serviceAccountName: string; containers: { image: string; env?: { name: string; value: string }[] }[] };
    };
  };
}

interface Scope {
  spec: { workloadSelector: { labels: Record<string, string> }; egress: { hosts: string[] }[] };
}

interface ProxyConfig {
  concurrency: number;
  proxyStatsMatcher: { inclusionRegexps: string[] };
}

function manifestsOf(app: string): Promise<Manifest[]> {
  return manifestsIn(`apps/${app}/k8s.yaml`);
}

async function manifestsIn(path: string): Promise<Manifest[]> {
  const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

const deploymentsOf = async (app: string) => (await manifestsOf(app)).filter(({ kind }) => kind === 'Deployment');

describe('manifests', () => {
  test.each([
    ['nodebook', 'nodebook-v3', 1, { app: 'nodebook', version: 'v3' }],
    ['nodebook', 'nodebook-v4', 1, { app: 'nodebook', version: 'v4' }],
    ['kubia', 'kubia-server', 3, { 'tenc-service': 'kubia-server', version: 'v1' }],
    ['kubia', 'kubia-server-v2', 1, { 'tenc-service': 'kubia-server', version: 'v2' }],
  ])("%s's %s has %d pods, labelled with the version they answer", async (app, name, replicas, labels) => {
    const { spec } = (await deploymentsOf(app)).find(({ metadata }) => metadata.name === name) ?? {};
    expect(spec?.replicas).toBe(replicas);
    expect(spec?.template.metadata.labels).toMatchObject(labels);
    expect(spec?.template.spec.containers[0]?.env).toEqual([{ name: 'VERSION', value: labels.version }]);
  });

  test.each([
    ['nodebook', 'nodebook', { name: 'http', port: 3000 }],
    ['kubia', 'kubia-service', { name: 'http-8080', port: 8080 }],
  ])("%s's Service %s selects both versions and names its port's protocol", async (app, name, port) => {
    const service = (await manifestsOf(app)).find(({ kind }) => kind === 'Service');
    expect(service?.metadata.name).toBe(name);
    expect(service?.spec.ports).toEqual([{ ...port, targetPort: port.port }]);
    for (const { spec } of await deploymentsOf(app)) {
      expect(spec.template.metadata.labels).toMatchObject(service?.spec.selector ?? { none: 'none' });
    }
  });

  test("kubia's Service is headless, as in the tutorial", async () => {
    const service = (await manifestsOf('kubia')).find(({ kind }) => kind === 'Service');
    expect(service?.spec.clusterIP).toBe('None');
  });

  test('who asks nobody, and into whose proxy nobody looks, is told of nobody', async () => {
    const all = await Promise.all(
      ['bookinfo', 'httpbin', 'kubia', 'nodebook', 'prober', 'tcp-echo', 'web'].map(deploymentsOf),
    );
    const scope = parse(await readFile(new URL('../../mesh/world/scope.yaml', import.meta.url), 'utf8')) as Scope;
    const [[key, value]] = Object.entries(scope.spec.workloadSelector.labels) as [[string, string]];
    const selected = all.flat().filter(({ spec }) => spec.template.metadata.labels[key] === value);
    expect(selected.map(({ metadata }) => metadata.name)).toEqual([
      'reviews-v1',
      'httpbin',
      'kubia-server',
      'kubia-server-v2',
      'tcp-echo-v1',
      'tcp-echo-v2',
      'tomcat',
      'httpd',
    ]);
    expect(scope.spec.egress).toEqual([{ hosts: ['istio-system/*'] }]);
  });

  test('one prober is steered past its sidecar, the other has none', async () => {
    const [own, plain] = (await deploymentsOf('prober')).map(({ spec }) => spec.template.metadata);
    expect(own).toMatchObject({
      labels: { app: 'prober' },
      annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '8099' },
    });
    expect(plain).toEqual({ labels: { app: 'prober-plain', 'sidecar.istio.io/inject': 'false' } });
  });

  const held = ['rq_pending_overflow', 'rq_pending_active', 'cx_active', 'cx_total'].map((one) => `upstream_${one}`);
  test.each([
    [
      "the caller's proxy has one thread, and counts what a limit holds and turns away, and who was ejected",
      'apps/prober/k8s.yaml',
      [...held, 'outlier_detection.ejections_active'],
    ],
    [
      "the worker's gateway has one thread, and counts what a limit holds and turns away",
      'mesh/world/gateway.yaml',
      held,
    ],
  ])('%s', async (_, path, counters) => {
    const asking = (await manifestsIn(path)).find(({ kind }) => kind === 'Deployment');
    const config = parse(asking?.spec.template.metadata.annotations?.['proxy.istio.io/config'] ?? '') as ProxyConfig;
    const [expression = ''] = config.proxyStatsMatcher.inclusionRegexps;
    const name = (counter: string) => `cluster.outbound|3000|v4|nodebook.w0.svc.cluster.local;.${counter}`;
    expect(config.concurrency).toBe(1);
    for (const counter of counters) expect(name(counter)).toMatch(new RegExp(`^${expression}$`));
    expect(name('upstream_rq_total')).not.toMatch(new RegExp(`^${expression}$`));
  });

  test.each(['nodebook', 'kubia', 'prober', 'bookinfo', 'tcp-echo', 'web', 'httpbin'])(
    '%s leaves namespace and tag to whoever applies it',
    async (app) => {
      const names = (await manifestsOf(app)).filter(({ kind }) => kind === 'ServiceAccount');
      expect((await manifestsOf(app)).filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
      for (const { spec } of await deploymentsOf(app)) {
        expect(spec.template.spec.containers[0]?.image).toBe(`istio-e2e/${app}`);
        expect(names.map(({ metadata }) => metadata.name)).toContain(spec.template.spec.serviceAccountName);
      }
    },
  );

  test("bookinfo has the sample's deployments, each told the role and version of its labels", async () => {
    const deployments = await deploymentsOf('bookinfo');
    const names = deployments.map(({ metadata }) => metadata.name);
    expect(names).toEqual(['details-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'productpage-v1']);
    for (const { metadata, spec } of deployments) {
      const [app = '', version = ''] = metadata.name.split('-');
      expect(spec.template.metadata.labels).toMatchObject({ app, version, 'app.kubernetes.io/part-of': 'bookinfo' });
      expect(spec.template.spec.serviceAccountName).toBe(`bookinfo-${app}`);
      expect(spec.template.spec.containers[0]?.env).toEqual([
        { name: 'ROLE', value: app },
        { name: 'VERSION', value: version },
      ]);
    }
  });

  test.each([
    ['bookinfo', 'details', { app: 'details' }, ['details-v1']],
    ['bookinfo', 'ratings', { app: 'ratings' }, ['ratings-v1']],
    ['bookinfo', 'reviews', { app: 'reviews' }, ['reviews-v1', 'reviews-v2', 'reviews-v3']],
    ['bookinfo', 'productpage', { app: 'productpage' }, ['productpage-v1']],
    ['tcp-echo', 'tcp-echo', { app: 'tcp-echo' }, ['tcp-echo-v1', 'tcp-echo-v2']],
    ['web', 'web-svc', { 'app.kubernetes.io/part-of': 'web' }, ['tomcat', 'httpd']],
    ['web', 'tomcat-svc', { app: 'tomcat' }, ['tomcat']],
    ['web', 'httpd-svc', { app: 'httpd' }, ['httpd']],
    ['httpbin', 'httpbin', { app: 'httpbin' }, ['httpbin']],
  ])("%s's Service %s selects %o, which is %j", async (app, name, selector, pods) => {
    const service = (await manifestsOf(app)).find((one) => one.kind === 'Service' && one.metadata.name === name);
    expect(service?.spec.selector).toEqual(selector);
    const [[key, value]] = Object.entries(selector) as [[string, string]];
    const selected = (await deploymentsOf(app)).filter(({ spec }) => spec.template.metadata.labels[key] === value);
    expect(selected.map(({ metadata }) => metadata.name)).toEqual(pods);
  });

  test.each([
    ['bookinfo', [{ name: 'http', port: 9080, targetPort: 9080 }]],
    ['web', [{ name: 'http', port: 8080, targetPort: 8080 }]],
    ['httpbin', [{ name: 'http', port: 8000, targetPort: 8080 }]],
    [
      'tcp-echo',
      [
        { name: 'tcp', port: 9000, targetPort: 9000 },
        { name: 'tcp-other', port: 9001, targetPort: 9001 },
      ],
    ],
  ])("%s's Services name the protocol of each port", async (app, ports) => {
    const services = (await manifestsOf(app)).filter(({ kind }) => kind === 'Service');
    for (const { spec } of services) expect(spec.ports).toEqual(ports);
  });

  test.each([
    ['tcp-echo', 'tcp-echo-v1', { PREFIX: 'one' }, 'v1'],
    ['tcp-echo', 'tcp-echo-v2', { PREFIX: 'two' }, 'v2'],
    ['web', 'tomcat', { NAME: 'tomcat', VERSION: 'v1' }, 'v1'],
    ['web', 'httpd', { NAME: 'httpd', VERSION: 'v1' }, 'v1'],
  ])("%s's %s is told %o and labelled %s", async (app, name, env, version) => {
    const { spec } = (await deploymentsOf(app)).find(({ metadata }) => metadata.name === name) ?? {};
    const given = spec?.template.spec.containers[0]?.env?.map((one) => [one.name, one.value]) ?? [];
    expect(Object.fromEntries(given)).toEqual(env);
    expect(spec?.template.metadata.labels['version']).toBe(version);
  });
});
