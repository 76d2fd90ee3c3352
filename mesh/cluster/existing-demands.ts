import { access, constants } from 'node:fs/promises';
import { HarnessError, messageOf } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { installedByUs, isOurs, otherVersion } from '../istio/install.ts';
import { demandAlone, installed } from '../istio/installed.ts';
import { type Context, contextsOf } from '../kube/credentials.ts';
import type { Kube } from '../kube/kube.ts';
import { rulesOfOthers, someInWords } from '../world/istio-objects.ts';
import { demandOpenMesh } from './mesh-demands.ts';

/** An API server that takes longer does not answer. */
const ANSWER_LIMIT = 8_000;

/** @throws HarnessError CONTEXT_NOT_FOUND */
export async function demandContext({ context, kubeconfig }: Context): Promise<void> {
  await access(kubeconfig, constants.R_OK).catch((cause: unknown) => {
    throw notThere(`no readable file ${kubeconfig}`, 'name the file with --kubeconfig', cause);
  });
  const contexts = await contextsOf(kubeconfig);
  if (contexts.includes(context)) return;
  throw notThere(
    `${kubeconfig} has no context ${context}`,
    `choose one of its contexts: ${contexts.join(', ') || 'it has none'}`,
  );
}

/** @throws HarnessError CONTEXT_SILENT where its API server is not there, or does not let us in */
export async function demandAnswer(
  kube: Kube,
  { context, kubeconfig }: Context,
  limitMillis = ANSWER_LIMIT,
): Promise<void> {
  const signal = AbortSignal.any([AbortSignal.timeout(limitMillis), interruption.signal]);
  // Whoever may not list nodes may not install a mesh either, and anybody may ask for the version.
  const call = { method: 'GET', path: '/api/v1/nodes', query: { limit: '1' }, signal } as const;
  const seen = await kube.rest.call(call).then(
    ({ status, text }) => (status === 200 ? undefined : `it answered ${status}: ${text.slice(0, 200)}`),
    (error: unknown) => unanswered(error, limitMillis),
  );
  if (seen === undefined) return;
  throw new HarnessError({
    code: 'CONTEXT_SILENT',
    blame: 'environment',
    doing: `Asking the API server of context ${context} for its nodes`,
    seen,
    next: `start the cluster, or mend the context: \`kubectl --kubeconfig ${kubeconfig} --context ${context} get nodes\` has to work`,
  });
}

/** @throws HarnessError ISTIO_OTHER_VERSION where the cluster has another one than is wanted, ISTIO_NOT_ALONE where it has more than one, ISTIO_IN_PARTS, MESH_CLOSED */
export async function demandIstio(kube: Kube, { context, istio }: Context & { readonly istio: string }): Promise<void> {
  await demandAlone(
    kube,
    'use a cluster without revisions, or uninstall them yourself: the harness would install over them',
  );
  const found = await installed(kube);
  if (found === undefined) return demandNoRemains(kube);
  if (found.version === istio) return isOurs(found) ? undefined : demandOpenMesh(kube);
  throw otherVersion(found.version, istio, isOurs(found) ? context : undefined);
}

/** What the harness installs it takes away again, CRDs included: where others use these, it installs nothing. */
async function demandNoRemains(kube: Kube): Promise<void> {
  const begun = await installedByUs(kube);
  const webhooks = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };
  const injectors = begun ? [] : await kube.list({ ...webhooks, labels: { app: 'sidecar-injector' } });
  const remains = [...(await rulesOfOthers(kube)), ...injectors];
  if (remains.length === 0) return;
  throw new HarnessError({
    code: 'ISTIO_IN_PARTS',
    blame: 'usage',
    doing: 'Looking for Istio',
    expected: 'Deployment istio-system/istiod, or nothing of Istio',
    seen: `no such Deployment, and ${someInWords(remains)}`,
    next: 'use another cluster: the Istio that the harness would install here would take the CRDs with it when it goes; or delete what is left of the former one',
  });
}

function unanswered(error: unknown, limitMillis: number): string {
  if (interruption.signal.aborted) throw interruption.signal.reason;
  const { cause = error } = error as { readonly cause?: unknown };
  if (cause instanceof Error && cause.name === 'TimeoutError') return `it did not answer in ${limitMillis / 1000} s`;
  return `it did not answer: ${messageOf(cause)}`;
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
