import { access, constants } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { connect } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { contextsOf } from '../kube/credentials.ts';
import { uninstallIstio } from '../istio/uninstall.ts';
import { deleteSlot } from '../world/make.ts';
import { names } from '../world/names.ts';
import type { Boot, ClusterAccess, ClusterProvider } from './provider.ts';

export interface ExistingOptions {
  readonly context: string;
  /** The file that --kubeconfig names, else KUBECONFIG, else the user's own: read because --context says so, never written. */
  readonly kubeconfig: string;
  /** The istioctl with which the harness installed Istio there, if it did. */
  readonly istioctl: string | undefined;
}

/** A cluster of the user's, named explicitly. The harness adds its own namespaces to it and takes them away again. */
export class ExistingProvider implements ClusterProvider {
  readonly #options: ExistingOptions;

  constructor(options: ExistingOptions) {
    this.#options = options;
  }

  async ensure(_: Boot, say: Say): Promise<ClusterAccess> {
    await this.check();
    const { context, kubeconfig } = this.#options;
    say.note(`using context ${context}, because --context names it`);
    const kube = await connect({ kubeconfig, context });
    await kube.rest.json({ method: 'GET', path: '/version' }, `Reaching the cluster of context ${context}`);
    await kube.close();
    return { name: context, provider: 'existing', kubeconfig, context };
  }

  async remove(say: Say): Promise<readonly string[]> {
    await this.check();
    const kube = await connect(this.#options);
    const labels = { [names.managedBy]: names.manager };
    const ours = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels });
    for (const { metadata } of ours) {
      say(`deleting namespace ${metadata.name}`);
      await deleteSlot(kube, metadata.name);
    }
    const istio = await uninstallIstio(kube, this.#options, say);
    await kube.close();
    return [...ours.map(({ metadata }) => `namespace ${metadata.name}`), ...istio];
  }

  async check(): Promise<void> {
    const { context, kubeconfig } = this.#options;
    await access(kubeconfig, constants.R_OK).catch((cause: unknown) => {
      throw notThere(`no readable file ${kubeconfig}`, 'name the file with --kubeconfig', cause);
    });
    const contexts = await contextsOf(kubeconfig);
    if (!contexts.includes(context)) {
      throw notThere(
        `${kubeconfig} has no context ${context}`,
        `choose one of its contexts: ${contexts.join(', ') || 'it has none'}`,
      );
    }
  }
}

function notThere(seen: string, next: string, cause?: unknown): HarnessError {
  return new HarnessError({
    code: 'CONTEXT_NOT_FOUND',
    blame: 'usage',
    doing: 'Looking for the cluster that --context names',
    seen,
    next,
    cause,
  });
}
