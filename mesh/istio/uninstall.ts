import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { deleteSlot } from '../world/make.ts';
import { rulesOfOthers, someInWords } from '../world/istio-objects.ts';
import { foundNamespace, installedByUs, isOurs, marksIn, withoutMarks } from './install.ts';
import { demandAlone, installed } from './installed.ts';
import { strangersIn } from './left.ts';
import type { Target } from './proof.ts';

/**
 * Uninstalls whatever Istio there is, as the tutorials do. What that leaves stays.
 *
 * @param call `claimed` where a test claims that it works
 */
export async function purgeIstio({ istioctl, kubeconfig, context }: Target, call = run): Promise<void> {
  await call(istioctl, ['uninstall', '--purge', '-y', '--kubeconfig', kubeconfig, '--context', context], {
    doing: 'Uninstalling Istio',
    timeoutMillis: 120_000,
  });
}

/**
 * Uninstalls the Istio that the harness installed, or had begun to install. Leaves any other, and says what it removed. istio-system goes with it where the
 * harness made it, and nobody else has put anything there.
 *
 * @throws HarnessError ISTIO_NOT_ALONE where another control plane came beside it, ISTIOCTL_UNKNOWN where it was never finished
 */
export async function uninstallIstio(
  kube: Kube,
  {
    istioctl,
    kubeconfig,
    context,
  }: { readonly istioctl: string | undefined; readonly kubeconfig: string; readonly context: string },
  say: Say,
): Promise<readonly string[]> {
  const marks = await marksIn(kube);
  if (!isOurs(marks)) return [];
  const version = (await installed(kube))?.version ?? 'that was begun';
  await demandAlone(kube, 'uninstall ours by its revision: istioctl uninstall --revision default');
  if (istioctl === undefined) throw neverFinished(context);
  say(`uninstalling Istio ${version}`);
  await purgeIstio({ istioctl, kubeconfig, context });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };
  const strangers = foundNamespace(marks) ? [] : await strangersIn(kube);
  if (strangers.length > 0) say.note(`istio-system stays, with what is not Istio's: ${someInWords(strangers)}`);
  if (foundNamespace(marks) || strangers.length > 0) await kube.merge(namespace, withoutMarks);
  else await deleteSlot(kube, 'istio-system');
  return [`Istio ${version}`];
}

/**
 * Uninstalling an Istio takes its CRDs away, and with them every rule in the cluster.
 *
 * @param ours namespaces that go with it
 * @throws HarnessError RULES_OF_OTHERS where the Istio is the harness's and there are rules that somebody else wrote
 */
export async function demandNoStrangers(kube: Kube, ours: readonly string[]): Promise<void> {
  if (!(await installedByUs(kube))) return;
  const others = (await rulesOfOthers(kube)).filter(({ metadata }) => !ours.includes(metadata.namespace ?? ''));
  if (others.length === 0) return;
  throw new HarnessError({
    code: 'RULES_OF_OTHERS',
    blame: 'usage',
    doing: 'Uninstalling Istio',
    expected: 'no rules but those of the harness: they go with the CRDs',
    seen: someInWords(others),
    next: 'delete them if nobody needs them; or leave this Istio to those who do, and take only the namespaces istio-e2e-* away',
  });
}

function neverFinished(context: string): HarnessError {
  return new HarnessError({
    code: 'ISTIOCTL_UNKNOWN',
    blame: 'environment',
    doing: 'Uninstalling Istio',
    seen: 'the harness installed it, or had begun to, and has no record of the istioctl',
    next: `finish it first: npm run up -- --context ${context}; then say this again`,
  });
}
