import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import { deploymentsReady } from '../kube/deployments.ts';
import { lastWarning } from '../kube/diagnosis.ts';
import { crashIn } from '../guard/crash.ts';
import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { tellsOfBrokenWebhook } from '../kube/rest.ts';
import { restoreScales } from '../mutants/scale.ts';
import { type Contents, readContents } from './contents.ts';
import { deleteSlot, makeSlot, type Site } from './make.ts';
import { names, slotName } from './names.ts';
import { isAtWork, parseRun, type Run } from './run.ts';
import type { Say } from '../say.ts';

const patience = { within: 1_800_000, stalled: 240_000, every: 250 };

/** Makes as many slots as there will be workers, side by side. What is there and right is reused. */
export async function ensureSlots(kube: Kube, handle: ClusterHandle, count: number, run: Run, say: Say): Promise<void> {
  const contents = await readContents(handle);
  // First of all: without DNS nothing in a slot becomes ready. Only in a cluster of the harness's own is that ever taken away.
  if (handle.owned) await restoreScales(kube, say, { namespace: 'kube-system' });
  await Promise.all(Array.from({ length: count }, (_, index) => ensureSite(kube, slot(index, contents), run, say)));
}

/**
 * A namespace with its own apps and its own ingress gateway, for one worker. Reused as it is: what a person changed in it, for
 * instance a deployment scaled to zero, is for the tests to notice, not for us to mend.
 */
export async function ensureSlot(
  kube: Kube,
  handle: ClusterHandle,
  index: number,
  run: Run,
  say: Say,
): Promise<string> {
  return ensureSite(kube, slot(index, await readContents(handle)), run, say);
}

function slot(index: number, contents: Contents): Site {
  return {
    namespace: slotName(index),
    labels: { 'istio-injection': 'enabled', [names.slot]: `${index}` },
    contents,
  };
}

/** Reuses what is there and right, and makes the rest anew. */
export async function ensureSite(kube: Kube, site: Site, run: Run, say: Say): Promise<string> {
  const { namespace, contents } = site;
  const found = await kube.get(ref(namespace));
  const flaw = flawOf(found, contents, run);
  if (found !== undefined && flaw !== undefined) {
    say.note(`${namespace} ${flaw}: deleting it and making it anew`);
    await deleteSlot(kube, namespace);
  }
  if (found !== undefined && flaw === undefined) {
    await ready(kube, namespace);
    return namespace;
  }
  say(`making ${namespace}`);
  await makeSlot(kube, site, run.id);
  await ready(kube, namespace);
  await kube.merge(ref(namespace), { metadata: { annotations: { [names.contents]: contents.hash } } });
  say(`${namespace} is ready`);
  return namespace;
}

/** @throws HarnessError DEPLOYMENTS_NOT_READY; SIDECAR_CRASHED or WEBHOOK_BROKEN, which are red, where it is the sidecars that fall over, or are never injected */
async function ready(kube: Kube, namespace: string): Promise<void> {
  try {
    await deploymentsReady(kube, namespace, patience);
  } catch (error) {
    throw (await meshAtFault(kube, namespace)) ?? error;
  }
}

async function meshAtFault(kube: Kube, namespace: string): Promise<HarnessError | undefined> {
  const red = (code: string, seen: string, next: string) =>
    new HarnessError({
      code,
      blame: 'red',
      doing: `Waiting for the deployments of namespace ${namespace}`,
      expected: 'every replica ready',
      seen,
      next,
    });
  const crash = await crashIn(kube, namespace);
  const read = `read what it wrote last: kubectl -n ${namespace} logs --previous POD -c istio-proxy`;
  if (crash !== undefined) return red('SIDECAR_CRASHED', crash, read);
  const warning = (await lastWarning(kube, namespace)) ?? '';
  return tellsOfBrokenWebhook(warning) ? red('WEBHOOK_BROKEN', warning, 'see what the webhook says') : undefined;
}

/** Why a namespace cannot be used as it is; undefined where it can. */
export function flawOf(
  namespace: KubeObject | undefined,
  contents: Pick<Contents, 'hash'>,
  run: Run,
): string | undefined {
  if (namespace === undefined) return 'is missing';
  const { name, labels, annotations, deletionTimestamp } = namespace.metadata;
  if (labels?.[names.managedBy] !== names.manager) throw foreign(name);
  const claim = claimOfOther(namespace, run);
  // First of all: whatever is wrong with it, it is not ours to mend while somebody works in it.
  if (claim !== undefined && isAtWork(claim, run)) throw taken(name, claim);
  if (deletionTimestamp !== undefined) return 'is being deleted';
  const hash = annotations?.[names.contents];
  if (hash === undefined) return 'is half made';
  if (hash !== contents.hash) return 'holds other apps or versions';
  return claim === undefined ? undefined : `was claimed by run ${claim.id}, which died`;
}

/** The run that works in a slot, unless it is this one. */
export function claimOfOther({ metadata }: KubeObject, run: Pick<Run, 'id'>): Run | undefined {
  const claim = parseRun(metadata.annotations?.[names.claim] ?? '');
  return claim?.id === run.id ? undefined : claim;
}

/** @throws HarnessError SLOT_TAKEN where another run is at work in one of these namespaces */
export function demandUnclaimed(namespaces: readonly KubeObject[], run: Run): void {
  for (const namespace of namespaces) {
    const claim = claimOfOther(namespace, run);
    if (claim !== undefined && isAtWork(claim, run)) throw taken(namespace.metadata.name, claim);
  }
}

/** From now on the slot is this run's, until it is released; a claim that outlives its run marks the slot as unknown. */
export async function claim(kube: Kube, namespace: string, run: Run): Promise<void> {
  await kube.merge(ref(namespace), { metadata: { annotations: { [names.claim]: JSON.stringify(run) } } });
}

/** Gives back every slot that the run has claimed. */
export async function releaseAll(kube: Kube, run: Run): Promise<void> {
  const ours = await slotsOf(kube, run);
  await Promise.all(ours.map((slot) => kube.merge(ref(slot), { metadata: { annotations: { [names.claim]: null } } })));
}

/** The namespaces that a run has claimed and not given back. */
export async function slotsOf(kube: Pick<Kube, 'list'>, run: Run): Promise<readonly string[]> {
  const slots = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels: { [names.managedBy]: names.manager } });
  return slots.flatMap(({ metadata: { name, annotations } }) =>
    parseRun(annotations?.[names.claim] ?? '')?.id === run.id ? [name] : [],
  );
}

function ref(name: string) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function foreign(namespace: string): HarnessError {
  return new HarnessError({
    code: 'NAMESPACE_NOT_OURS',
    blame: 'environment',
    doing: `Looking at namespace ${namespace}`,
    expected: `a namespace that the harness made (label ${names.managedBy}=${names.manager}), or none`,
    seen: 'one that somebody else made',
    next: 'rename or remove it: the harness does not touch it',
  });
}

function taken(namespace: string, { id, host, pid }: Run): HarnessError {
  return new HarnessError({
    code: 'SLOT_TAKEN',
    blame: 'environment',
    doing: `Attaching to namespace ${namespace}`,
    seen: `run ${id} (process ${pid} on ${host}) works in it`,
    next: `wait for it; if it is dead, remove the annotation ${names.claim} of the namespace`,
  });
}
