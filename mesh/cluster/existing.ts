import { removeAddOns } from '../addons/remove.ts';
import { connect, type Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { restoreMeshConfig } from '../istio/mesh-config.ts';
import { demandNoStrangers, uninstallIstio } from '../istio/uninstall.ts';
import { deleteSlot } from '../world/make.ts';
import { names } from '../world/names.ts';
import { newRun } from '../world/run.ts';
import { demandUnclaimed } from '../world/slot.ts';
import { sweep } from '../world/sweep.ts';
import { demandAnswer, demandContext, demandIstio } from './existing-demands.ts';
import { loaderFor } from './loader.ts';
import { demandIPv4 } from './mesh-demands.ts';
import type { Boot, ClusterAccess, ClusterProvider } from './provider.ts';

export interface ExistingOptions {
  readonly context: string;
  /** The file that --kubeconfig names, else KUBECONFIG, else the user's own: read because --context says so, never written. */
  readonly kubeconfig: string;
  /** The istioctl with which the harness installed Istio there, if it did. */
  readonly istioctl: string | undefined;
  /** The release that is wanted there. */
  readonly istio: string;
  /** `REGISTRY/PATH` by which images shall reach it, if not directly. */
  readonly registry: string | undefined;
}

/** A cluster of the user's, named explicitly. The harness adds its own namespaces to it and takes them away again. */
export class ExistingProvider implements ClusterProvider {
  readonly #options: ExistingOptions;

  constructor(options: ExistingOptions) {
    this.#options = options;
  }

  async ensure(_: Boot, say: Say): Promise<ClusterAccess> {
    // Once more: making the images may have taken long.
    await this.check();
    const { context, kubeconfig } = this.#options;
    say.note(`using context ${context}, because --context names it`);
    return { name: context, provider: 'existing', kubeconfig, context };
  }

  async remove(say: Say): Promise<readonly string[]> {
    return this.#reach(async (kube) => {
      const run = newRun();
      const labels = { [names.managedBy]: names.manager };
      const ours = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels });
      // Before anything is taken away.
      demandUnclaimed(ours, run);
      await demandNoStrangers(
        kube,
        ours.map(({ metadata }) => metadata.name),
      );
      // What a killed run left in an Istio of somebody else's goes before the namespaces whose claims say that it is dead.
      const back = await restoreMeshConfig(kube, run, say);
      const swept = await sweep(kube, run, say);
      for (const { metadata } of ours) {
        say(`deleting namespace ${metadata.name}`);
        await deleteSlot(kube, metadata.name);
      }
      const addOns = await removeAddOns(kube);
      const istio = await uninstallIstio(kube, this.#options, say);
      const mesh = back ? ['a change of the mesh-wide configuration'] : [];
      return [...mesh, ...swept, ...ours.map(({ metadata }) => `namespace ${metadata.name}`), ...addOns, ...istio];
    });
  }

  async check(): Promise<void> {
    await this.#reach(async (kube) => {
      await demandIPv4(kube);
      await demandIstio(kube, this.#options);
      await loaderFor(kube, this.#options.registry);
    });
  }

  async #reach<T>(work: (kube: Kube) => Promise<T>): Promise<T> {
    await demandContext(this.#options);
    const kube = await connect(this.#options);
    try {
      await demandAnswer(kube, this.#options);
      return await work(kube);
    } finally {
      await kube.close();
    }
  }
}
