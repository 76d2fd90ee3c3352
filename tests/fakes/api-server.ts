import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { httpServer, type Listening } from '../apps/servers.ts';

type Answers = Readonly<Record<string, unknown>>;

const kinds = (...list: readonly (readonly [string, string, boolean])[]) => ({
  resources: list.map(([name, kind, namespaced]) => ({ name, kind, namespaced, verbs: ['get', 'list'] })),
});

/** Where it lists who changes pods on their way. */
export const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';

const answers: Answers = {
  '/readyz': 'ok',
  '/version': { gitVersion: 'v1.36.3' },
  '/api/v1': kinds(
    ['nodes', 'Node', false],
    ['namespaces', 'Namespace', false],
    ['services', 'Service', true],
    ['configmaps', 'ConfigMap', true],
    ['secrets', 'Secret', true],
  ),
  '/apis/apps/v1': kinds(['deployments', 'Deployment', true]),
  '/apis/apps/v1/deployments': { items: [] },
  '/api/v1/namespaces': { items: [] },
  '/api/v1/secrets': { items: [] },
  '/apis/admissionregistration.k8s.io/v1': kinds([
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    false,
  ]),
  [WEBHOOKS]: { items: [] },
  '/api/v1/nodes': nodes('kind://docker/blue/blue-control-plane'),
};

/** The little of an API server that bringing a cluster up looks at: it is ready, and so is its one node. */
export function apiServer(more: Answers = {}): Promise<Listening> {
  return httpServer(({ url = '' }, response) => {
    const answer = { ...answers, ...more }[url.split('?')[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
}

/** A node for each id, named by its last part. */
export function nodes(...providerIds: readonly string[]) {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  return {
    items: providerIds.map((providerID) => ({
      metadata: { name: providerID.split('/').at(-1) },
      spec: { providerID },
      status: ready,
    })),
  };
}

/** What a cluster answers that has this Istio. */
export function istio(version: string, annotations: Readonly<Record<string, string>> = {}): Answers {
  const path = '/apis/apps/v1/namespaces/istio-system/deployments';
  const containers = [{ image: `registry.example.com/pilot:${version}` }];
  return {
    '/api/v1/namespaces/istio-system': { metadata: { name: 'istio-system', annotations } },
    [`${path}/istiod`]: { spec: { template: { spec: { containers } } } },
    [path]: { items: [] },
    '/apis/security.istio.io/v1': kinds(
      ['peerauthentications', 'PeerAuthentication', true],
      ['authorizationpolicies', 'AuthorizationPolicy', true],
    ),
    '/apis/security.istio.io/v1/peerauthentications': { items: [] },
    '/apis/security.istio.io/v1/authorizationpolicies': { items: [] },
    [POLICIES]: { items: [] },
    [AUTHORIZATION]: { items: [] },
    [MESH]: { metadata: {}, data: { mesh: 'accessLogFile: /dev/stdout' } },
  };
}

/** What a cluster answers in which somebody has written these VirtualServices, `namespace/name`, with labels. */
export function rules(...written: readonly (readonly [string, Readonly<Record<string, string>>])[]): Answers {
  const items = written.map(([at, labels]) => {
    const [namespace, name] = at.split('/');
    return { metadata: { namespace, name, labels } };
  });
  return {
    '/apis/networking.istio.io/v1': kinds(['virtualservices', 'VirtualService', true]),
    '/apis/networking.istio.io/v1/virtualservices': { items },
  };
}

/** Where it says what holds in the whole mesh. */
export const POLICIES = '/apis/security.istio.io/v1/namespaces/istio-system/peerauthentications';
export const AUTHORIZATION = '/apis/security.istio.io/v1/namespaces/istio-system/authorizationpolicies';
export const INJECTOR = '/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector';
export const MESH = '/api/v1/namespaces/istio-system/configmaps/istio';

export async function writeKubeconfig(path: string, context: string, { port }: Listening): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'one', user: {} }],
    contexts: [{ name: context, context: { cluster: 'one', user: 'one' } }],
  };
  await writeFile(path, stringify(config));
}
