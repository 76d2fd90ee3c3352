import { run } from '../command.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { deleteSlot } from '../world/make.ts';
import { isOurs } from './install.ts';
import { installed } from './installed.ts';
import type { Target } from './proof.ts';

/** Uninstalls whatever Istio there is, as the tutorials do. What that leaves stays. */
export async function purgeIstio({ istioctl, kubeconfig, context }: Target): Promise<void> {
  await run(istioctl, ['uninstall', '--purge', '-y', '--kubeconfig', kubeconfig, '--context', context], {
    doing: 'Uninstalling Istio',
    timeoutMillis: 120_000,
  });
}

/** Uninstalls the Istio that the harness installed. Leaves any other, and says what it removed. */
export async function uninstallIstio(
  kube: Kube,
  {
    istioctl,
    kubeconfig,
    context,
  }: { readonly istioctl: string | undefined; readonly kubeconfig: string; readonly context: string },
  say: Say,
): Promise<readonly string[]> {
  const found = await installed(kube);
  if (found === undefined || istioctl === undefined || !isOurs(found)) return [];
  say(`uninstalling Istio ${found.version}`);
  await purgeIstio({ istioctl, kubeconfig, context });
  await deleteSlot(kube, 'istio-system');
  return [`Istio ${found.version}`];
}
