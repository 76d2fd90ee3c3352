import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { httpServer, type Listening } from '../apps/servers.ts';

const answers: Readonly<Record<string, unknown>> = {
  '/readyz': 'ok',
  '/version': { gitVersion: 'v1.36.3' },
  '/api/v1': { resources: [{ name: 'nodes', kind: 'Node', namespaced: false, verbs: ['get', 'list'] }] },
  '/api/v1/nodes': {
    items: [{ metadata: { name: 'blue-control-plane' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }],
  },
};

/** The little of an API server that bringing a cluster up looks at: it is ready, and so is its one node. */
export function apiServer(): Promise<Listening> {
  return httpServer(({ url = '' }, response) => {
    const answer = answers[url.split('?')[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
}

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
