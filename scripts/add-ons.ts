import { ensureAddOns, type Site } from '../mesh/addons/ensure.ts';
import type { AddOnStates } from '../mesh/addons/record.ts';
import { type ClusterHandle, sourceOf } from '../mesh/cluster/handle.ts';
import { loaderFor } from '../mesh/cluster/loader.ts';
import { connect } from '../mesh/kube/kube.ts';
import type { Say } from '../mesh/say.ts';
import { packagesSource } from '../mesh/source/packages/packages.ts';
import { registrySource } from '../mesh/source/registry/registry.ts';
import { newRun } from '../mesh/world/run.ts';

/** Brings the add-ons to a cluster whose mesh is up, from where its other images came. */
export async function bringAddOns(handle: ClusterHandle, say: Say): Promise<AddOnStates> {
  const kube = await connect(handle);
  try {
    const site: Site = {
      kube,
      loader: await loaderFor(kube, handle.appImages),
      source: sourceOf(handle) === 'packages' ? packagesSource() : registrySource(),
      istio: handle.istioVersion,
      run: newRun(),
    };
    return await ensureAddOns(site, say);
  } finally {
    await kube.close();
  }
}
