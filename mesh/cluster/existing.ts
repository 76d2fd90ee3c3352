import { access, constants } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { connect } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { contextsOf } from '../kube/credentials.ts';
import type { ClusterAccess, ClusterProvider } from './provider.ts';

export interface ExistingOptions {
  readonly context: string;
  /** The file that --kubeconfig names, else KUBECONFIG, else the user's own: read because --context says so, never written. */
  readonly kubeconfig: string;
}

/** A cluster of the user's, named explicitly. The harness adds its own namespaces to it and takes them away again. */
export class ExistingProvider implements ClusterProvider {
  readonly #options: ExistingOptions;

  constructor(options: ExistingOptions) {
    this.#options = options;
  }

  async ensure(_: () => Promise<string>, say: Say): Promise<ClusterAccess> {
    const { context, kubeconfig } = this.#options;
    await access(kubeconfig, constants.R_OK).catch((cause: unknown) => {
      throw notThere(`no readable file ${kubeconfig}`, 'name the file with --kubeconfig', cause);
    });
    const contexts = await contextsOf(kubeconfig);
    if (!contexts.includes(context)) {
      throw notThere(`${kubeconfig} has no context ${context}`, `choose one of its contexts: ${contexts.join(', ') || 'it has none'}`);
    }
    say.note(`using context ${context}, because --context names it`);
    const kube = await connect({ kubeconfig, context });
    await kube.rest.json({ method: 'GET', path: '/version' }, `Reaching the cluster of context ${context}`);
    await kube.close();
    return { name: context, provider: 'existing', kubeconfig, context };
  }

  remove(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}

function notThere(seen: string, next: string, cause?: unknown): HarnessError {
  return new HarnessError({ code: 'CONTEXT_NOT_FOUND', blame: 'usage', doing: 'Looking for the cluster that --context names', seen, next, cause });
}
