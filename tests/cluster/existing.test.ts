import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ExistingProvider } from '../../mesh/cluster/existing.ts';
import { demandAnswer } from '../../mesh/cluster/existing-demands.ts';
import type { Boot } from '../../mesh/cluster/provider.ts';
import { HarnessError } from '../../mesh/errors.ts';
import { connect } from '../../mesh/kube/kube.ts';
import { httpServer, type Listening, silentPort } from '../apps/servers.ts';
import {
  apiServer,
  AUTHORIZATION,
  INJECTOR,
  istio,
  MESH,
  nodes,
  POLICIES,
  rules,
  WEBHOOKS,
  writeKubeconfig,
} from '../fakes/api-server.ts';
import { hearing } from '../fakes/hearing.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

/** An existing cluster is not booted. */
const boot = {} as Boot;
const wanted = '1.31.1';
const registry = undefined;

/** The context blue of a cluster, seen from a machine whose engine runs these containers. */
async function blue(server: Pick<Listening, 'port'>, ...containers: readonly string[]) {
  const folder = await scratch();
  const kubeconfig = folder.at('config');
  await writeKubeconfig(kubeconfig, 'blue', server as Listening);
  await program(
    folder,
    'docker',
    containers.map((name) => `echo ${name}`),
  );
  const path = firstOnPath(folder);
  return {
    kubeconfig,
    provider: new ExistingProvider({ context: 'blue', kubeconfig, istioctl: undefined, istio: wanted, registry }),
    [Symbol.asyncDispose]: async () => {
      path[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function refusal(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return error as HarnessError;
}

describe('an existing cluster', () => {
  test.each([
    ['without Istio', {}],
    ['with the wanted Istio', istio(wanted)],
  ])('%s is used as the context says, and the user hears so', async (_, answers) => {
    await using server = await apiServer(answers);
    await using cluster = await blue(server, 'other-control-plane', 'blue-control-plane');
    const { say, notes } = hearing();
    expect(await cluster.provider.ensure(boot, say)).toEqual({
      name: 'blue',
      provider: 'existing',
      kubeconfig: cluster.kubeconfig,
      context: 'blue',
    });
    expect(notes).toEqual(['using context blue, because --context names it']);
  });

  const strict = { metadata: { name: 'default' }, spec: { mtls: { mode: 'STRICT' } } };
  const ofOne = { ...strict, spec: { ...strict.spec, selector: { matchLabels: { app: 'one' } } } };
  test.each([
    [
      'demands mutual TLS of everybody',
      { [POLICIES]: { items: [ofOne, strict] } },
      'PeerAuthentication default demands mutual TLS of everybody',
    ],
    [
      'lets nobody out',
      { [MESH]: { metadata: {}, data: { mesh: 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }' } } },
      'its configuration has outboundTrafficPolicy REGISTRY_ONLY',
    ],
    [
      'looks at some namespaces alone',
      { [MESH]: { metadata: {}, data: { mesh: 'discoverySelectors: [{ matchLabels: { mesh: on } }]' } } },
      "its configuration has discoverySelectors, which the harness's namespaces need not fit",
    ],
    [
      'has its policies elsewhere',
      { [MESH]: { metadata: {}, data: { mesh: 'rootNamespace: policies' } } },
      'its configuration has rootNamespace policies, and not istio-system',
    ],
    [
      'has a domain of its own',
      { [INJECTOR]: { data: { values: '{"global":{"proxy":{"clusterDomain":"blue.example"}}}' } } },
      'its services are in the domain blue.example, and not cluster.local',
    ],
    [
      'lets nobody in',
      { [AUTHORIZATION]: { items: [{ metadata: { name: 'allow-nothing' }, spec: {} }] } },
      'AuthorizationPolicy allow-nothing refuses everybody whom it does not name',
    ],
    [
      'refuses all',
      {
        [AUTHORIZATION]: { items: [{ metadata: { name: 'no' }, spec: { action: 'DENY', rules: [{}], selector: {} } }] },
      },
      'AuthorizationPolicy no refuses everybody whom it does not name',
    ],
  ])('whose own mesh %s is refused before anything is built', async (_, closed, seen) => {
    await using server = await apiServer({ ...istio(wanted), ...closed });
    await using cluster = await blue(server, 'blue-control-plane');
    const { message, blame } = await refusal(cluster.provider.check());
    expect(message.split('\n')[0]).toBe(`Looking at what holds in the whole mesh: ${seen} [MESH_CLOSED]`);
    expect(blame).toBe('usage');
  });

  test.each([
    ['lets everybody in beside a narrow policy', [{ rules: [{ from: [] }] }, { rules: [{}] }]],
    ['refuses what it names', [{ action: 'DENY', rules: [{ to: [] }] }]],
    ['closes one workload alone', [{ selector: { matchLabels: { app: 'one' } } }]],
  ])('whose own mesh %s is open', async (_, specs) => {
    const items = specs.map((spec, index) => ({ metadata: { name: `policy-${index}` }, spec }));
    await using server = await apiServer({ ...istio(wanted), [AUTHORIZATION]: { items } });
    await using cluster = await blue(server, 'blue-control-plane');
    await expect(cluster.provider.check()).resolves.toBe(undefined);
  });

  test('that speaks IPv6 alone is refused', async () => {
    const service = { spec: { clusterIP: 'fd00:10:96::1' } };
    await using server = await apiServer({ '/api/v1/namespaces/default/services/kubernetes': service });
    await using cluster = await blue(server, 'blue-control-plane');
    expect((await refusal(cluster.provider.check())).code).toBe('NO_IPV4');
  });

  test('whose context the file does not have is refused with the contexts it has', async () => {
    await using cluster = await blue({ port: 1 });
    const { kubeconfig } = cluster;
    const provider = new ExistingProvider({
      context: 'green',
      kubeconfig,
      istioctl: undefined,
      istio: wanted,
      registry,
    });
    const refused = expect.objectContaining({
      code: 'CONTEXT_NOT_FOUND',
      blame: 'usage',
      message: [
        `Looking for the cluster that --context names: ${kubeconfig} has no context green [CONTEXT_NOT_FOUND]`,
        '  what to do: choose one of its contexts: blue',
      ].join('\n'),
    }) as Error;
    await expect(provider.check()).rejects.toThrow(refused);
    await expect(provider.remove(hearing().say)).rejects.toThrow(refused);
  });

  test('whose kubeconfig is missing is refused with the option that names it', async () => {
    await using folder = await scratch();
    const kubeconfig = folder.at('none');
    const provider = new ExistingProvider({
      context: 'blue',
      kubeconfig,
      istioctl: undefined,
      istio: wanted,
      registry,
    });
    expect((await refusal(provider.check())).message).toBe(
      [
        `Looking for the cluster that --context names: no readable file ${kubeconfig} [CONTEXT_NOT_FOUND]`,
        '  what to do: name the file with --kubeconfig',
      ].join('\n'),
    );
  });

  test.each([
    ['no YAML', '{'],
    ['a text', 'hello'],
  ])('whose kubeconfig is %s is refused with its path', async (_, text) => {
    await using folder = await scratch();
    const kubeconfig = folder.at('config');
    await writeFile(kubeconfig, text);
    const provider = new ExistingProvider({
      context: 'blue',
      kubeconfig,
      istioctl: undefined,
      istio: wanted,
      registry,
    });
    expect((await refusal(provider.check())).message).toContain(kubeconfig);
  });
});

describe('the API server of an existing cluster', () => {
  test('that nobody answers for is refused with how to see it', async () => {
    const port = await silentPort();
    await using cluster = await blue({ port });
    const error = await refusal(cluster.provider.check());
    expect(error.message).toBe(
      [
        `Asking the API server of context blue for its nodes: it did not answer: connect ECONNREFUSED 127.0.0.1:${port} [CONTEXT_SILENT]`,
        `  what to do: start the cluster, or mend the context: \`kubectl --kubeconfig ${cluster.kubeconfig} --context blue get nodes\` has to work`,
      ].join('\n'),
    );
    expect(error.blame).toBe('environment');
    await expect(cluster.provider.remove(hearing().say)).rejects.toThrow('CONTEXT_SILENT');
  });

  test('that does not let us in is refused with its words', async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(401).end('Unauthorized');
    });
    await using cluster = await blue(server);
    await expect(cluster.provider.check()).rejects.toThrow('it answered 401: Unauthorized [CONTEXT_SILENT]');
  });

  test('that says nothing is given up on', async () => {
    await using server = await httpServer(() => undefined);
    await using cluster = await blue(server);
    const context = { kubeconfig: cluster.kubeconfig, context: 'blue' };
    const kube = await connect(context);
    await expect(demandAnswer(kube, context, 100)).rejects.toThrow('it did not answer in 0.1 s [CONTEXT_SILENT]');
  });
});

describe('an existing cluster with another Istio', () => {
  const ours = { 'istio-e2e.dev/settings': 'abc' };
  const mend = 'uninstall that Istio yourself: the harness replaces none that it did not install';

  test.each([
    ['of somebody else', '1.31.0', {}, 'which the harness did not install', `say --istio 1.31.0, or ${mend}`],
    [
      'that an earlier run installed',
      '1.29.2',
      ours,
      'which an earlier run installed',
      'say --istio 1.29.2, or take it away with `npm run down -- --context blue`',
    ],
    [
      'that is not pinned',
      '1.2.3',
      {},
      'which the harness did not install',
      `add 1.2.3 to versions.json (CONTRIBUTING says how) and say --istio 1.2.3, or ${mend}`,
    ],
  ])('%s is refused with what to do', async (_, there, annotations, whose, next) => {
    await using server = await apiServer(istio(there, annotations));
    await using cluster = await blue(server, 'blue-control-plane');
    const error = await refusal(cluster.provider.check());
    expect(error.message).toBe(
      [
        `Looking for Istio 1.31.1: Istio ${there}, ${whose} [ISTIO_OTHER_VERSION]`,
        '  expected: Istio 1.31.1, or a cluster without Istio',
        `  what to do: ${next}`,
      ].join('\n'),
    );
    expect(error.blame).toBe('usage');
  });
});

test.each([
  ['a revision', 'istio-system', 'istiod-1-30'],
  ['one in another namespace', 'mesh', 'istiod'],
])(
  'an existing cluster with another control plane, %s, is refused before anything is installed over it',
  async (...at) => {
    const [, namespace, name] = at;
    const items = [{ metadata: { namespace, name } }, { metadata: { namespace: 'istio-system', name: 'istiod' } }];
    await using server = await apiServer({ ...istio(wanted), '/apis/apps/v1/deployments': { items } });
    await using cluster = await blue(server, 'blue-control-plane');
    const error = await refusal(cluster.provider.check());
    expect(error.message.split('\n')[0]).toBe(`Looking for Istio: also ${namespace}/${name} [ISTIO_NOT_ALONE]`);
  },
);

describe('an existing cluster with parts of an Istio, and no istiod,', () => {
  const own = { 'app.kubernetes.io/managed-by': 'istio-e2e' };
  const injector = { items: [{ metadata: { name: 'istio-sidecar-injector' } }] };

  test.each([
    ['rules that somebody wrote', rules(['shop/web', {}], ['istio-e2e-w0/web', own]), 'VirtualService shop/web'],
    ['an injector', { [WEBHOOKS]: injector }, 'MutatingWebhookConfiguration istio-sidecar-injector'],
    [
      'more rules than are told',
      rules(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`shop/${name}`, {}] as const)),
      'VirtualService shop/a, VirtualService shop/b, VirtualService shop/c, VirtualService shop/d, VirtualService shop/e and 1 more',
    ],
  ])('%s, is refused before anything is built', async (_, answers, seen) => {
    await using server = await apiServer(answers);
    await using cluster = await blue(server, 'blue-control-plane');
    const { message, blame } = await refusal(cluster.provider.check());
    expect(message.split('\n')[0]).toBe(`Looking for Istio: no such Deployment, and ${seen} [ISTIO_IN_PARTS]`);
    expect(blame).toBe('usage');
  });

  test('since the harness began to install it, is gone on with', async () => {
    const begun = { metadata: { name: 'istio-system', annotations: { 'istio-e2e.dev/settings': 'installing' } } };
    await using server = await apiServer({ '/api/v1/namespaces/istio-system': begun, [WEBHOOKS]: injector });
    await using cluster = await blue(server, 'blue-control-plane');
    await cluster.provider.check();
  });
});

describe('from an existing cluster nothing is taken away', () => {
  const run = { id: 'r', host: 'elsewhere', pid: 1 };
  const namespaces = (annotations: Readonly<Record<string, string>>) => ({
    '/api/v1/namespaces': { items: [{ metadata: { name: 'istio-e2e-w0', annotations } }] },
  });

  test('while a run of somebody else is at work in it', async () => {
    await using server = await apiServer(namespaces({ 'istio-e2e.dev/claim': JSON.stringify(run) }));
    await using cluster = await blue(server, 'blue-control-plane');
    const { message } = await refusal(cluster.provider.remove(hearing().say));
    expect(message.split('\n')[0]).toBe(
      'Attaching to namespace istio-e2e-w0: run r (process 1 on elsewhere) works in it [SLOT_TAKEN]',
    );
  });

  test('where the rules of others would go with the Istio that the harness installed', async () => {
    const ours = istio(wanted, { 'istio-e2e.dev/settings': 'abc' });
    const written = rules(['shop/web', {}], ['istio-e2e-w0/mine', {}]);
    await using server = await apiServer({ ...ours, ...namespaces({}), ...written });
    await using cluster = await blue(server, 'blue-control-plane');
    const { message } = await refusal(cluster.provider.remove(hearing().say));
    expect(message.split('\n')[0]).toBe('Uninstalling Istio: VirtualService shop/web [RULES_OF_OTHERS]');
  });
});

describe('an existing cluster to whose nodes no image can be brought', () => {
  const kind = (name: string) => `kind://docker/blue/${name}`;

  test.each([
    ['machines', [kind('a'), 'aws:///zone/b'], ['a', 'b'], 'b is not'],
    ["containers of another machine's engine", [kind('a')], ['other'], 'a is not'],
    ["containers of podman's", ['kind://podman/blue/a'], ['a'], 'a is not'],
    ['many', ['a', 'b', 'c', 'd', 'e'], [], 'a, b, c and 2 more are not'],
    ['nowhere to be seen', [], [], 'what it runs on is not'],
  ])('because they are %s is refused', async (_, ids, containers, seen) => {
    await using server = await apiServer({ '/api/v1/nodes': nodes(...ids) });
    await using cluster = await blue(server, ...containers);
    const error = await refusal(cluster.provider.check());
    expect(error.message.split('\n').slice(0, 2)).toEqual([
      `Looking for a way to bring the apps to the cluster: ${seen} [CANNOT_LOAD_IMAGES]`,
      "  expected: nodes that are containers of this machine's engine, as kind makes them, or a registry",
    ]);
    expect(error.blame).toBe('usage');
  });
});
