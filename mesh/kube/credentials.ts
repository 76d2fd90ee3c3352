import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent } from 'undici';
import { HarnessError } from '../errors.ts';

/** A context of a kubeconfig file that was named: never this machine's default one. */
export interface Context {
  readonly kubeconfig: string;
  readonly context: string;
}

/** How to speak to one API server, and as whom. */
export interface Credentials {
  readonly server: string;
  /** Asked for each request: a token may live for minutes only. */
  headers(): Promise<Readonly<Record<string, string>>>;
  readonly agent: Agent;
}

/** Names of the contexts in a kubeconfig file. */
export async function contextsOf(kubeconfig: string): Promise<readonly string[]> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (cause) {
    throw unusable(kubeconfig, 'of any name', 'cannot be read', cause);
  }
  return config.getContexts().map(({ name }) => name);
}

/** Reads the kubeconfig and the context in it. */
export async function credentialsOf({ kubeconfig, context }: Context): Promise<Credentials> {
  // Late, because it takes half a second that `--list` need not pay.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
    config.setCurrentContext(context);
  } catch (cause) {
    throw unusable(kubeconfig, context, 'cannot be read', cause);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable(kubeconfig, context, 'has no such context, or no cluster for it');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options).catch((cause: unknown) => {
    throw unusable(kubeconfig, context, 'has credentials that cannot be used', cause);
  });
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  if (cluster.proxyUrl != null && cluster.proxyUrl !== '')
    throw unusable(kubeconfig, context, 'has a proxy-url, by which the harness cannot speak to the API server');
  const tls = { ca, cert, key, rejectUnauthorized, servername };
  const connect = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  const agent = new Agent({ connect, keepAliveTimeout: 30_000 });
  return { server: cluster.server, headers: headersOf(config, textOf(options)), agent };
}

/** Those of a token that a program or a provider fetches are asked for anew, and the client keeps them for as long as they hold. A token from a file is read once. */
function headersOf(config: KubeConfig, first: Readonly<Record<string, string>>): Credentials['headers'] {
  const user = config.getCurrentUser();
  const lasts = user?.exec == null && user?.authProvider == null;
  if (lasts) return () => Promise.resolve(first);
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return textOf(options);
  };
}

function textOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth == null ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
  const pairs = Object.entries(headers ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return { ...basic, ...Object.fromEntries(pairs) };
}

function unusable(kubeconfig: string, context: string, seen: string, cause?: unknown): HarnessError {
  return new HarnessError({
    code: 'KUBECONFIG_UNUSABLE',
    blame: 'environment',
    doing: `Reading context ${context}`,
    expected: `a kubeconfig at ${kubeconfig} that knows it`,
    seen: `the file ${seen}`,
    next: "mend the file; the harness's own is written anew by `npm run up`",
    cause,
  });
}
