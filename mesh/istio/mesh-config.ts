import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { names } from '../world/names.ts';
import { isAlive, isAtWork, newRun, type Run, runSchema } from '../world/run.ts';
import { slotsOf } from '../world/slot.ts';

const ref = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' } };
/** What the mesh was configured with before a run changed it, and which run that was: written in one breath with the change. */
const BEFORE = 'istio-e2e.dev/mesh-before';

const map = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  data: z.object({ mesh: z.string() }),
});
const providers = z.object({
  extensionProviders: z.array(z.object({ name: z.string(), zipkin: z.object({}).optional() })).default([]),
});
const identities = z.object({ trustDomain: z.string().default('cluster.local') });
const logs = z.object({ accessLogFile: z.string().default(''), accessLogFormat: z.string().default('') });
/** The process, too: a run has several, and one that begins must not take back what another is testing just now. */
const noted = z.object({ run: runSchema, process: runSchema.optional(), mesh: z.string() });

/** The configuration of the whole mesh, as istiod reads it. */
export async function readMeshConfig(kube: Kube): Promise<string> {
  return (await read(kube)).data.mesh;
}

/**
 * Whether a Telemetry may name this provider, which takes spans as Zipkin does: on an Istio that somebody else installed there are others, or one of that name
 * which speaks otherwise, and passes other headers on.
 */
export async function takesZipkinSpans(kube: Kube, name: string): Promise<boolean> {
  const { extensionProviders } = providers.parse(parse(await readMeshConfig(kube)));
  return extensionProviders.some((one) => one.name === name && one.zipkin !== undefined);
}

/** The first part of every identity: `cluster.local` in `spiffe://cluster.local/ns/foo/sa/bar`, unless the mesh has one of its own. */
export async function trustDomain(kube: Kube): Promise<string> {
  return identities.parse(parse(await readMeshConfig(kube)) ?? {}).trustDomain;
}

/** What can be read in the proxies' access logs: an Istio that somebody else installed may write other ones, or none. */
export interface Legible {
  /** Requests by their user agents, and connections: in the harness's own format, and in Istio's as text or JSON. */
  readonly requests: boolean;
  /** The prober's ids, too: in the harness's own format. */
  readonly probes: boolean;
}

export async function legibleLogs(kube: Kube): Promise<Legible> {
  const { accessLogFile, accessLogFormat } = logs.parse(parse(await readMeshConfig(kube)));
  const written = accessLogFile === '/dev/stdout';
  const probes = written && accessLogFormat.includes('%REQ(X-PROBE-ID)%');
  return { requests: probes || (written && accessLogFormat === ''), probes };
}

/**
 * Sets fields of the configuration of the whole mesh, as `istioctl install --set meshConfig...` does in the end.
 *
 * @throws HarnessError MESH_CONFIG_CHANGED where a change of before was not taken back
 */
export async function changeMeshConfig(kube: Kube, change: object, run: Run): Promise<void> {
  const { metadata, data } = await read(kube);
  const note = metadata.annotations[BEFORE];
  if (note !== undefined) throw changed(note);
  const mesh = stringify({ ...(parse(data.mesh) as object), ...change });
  const before = JSON.stringify({ run, process: newRun(), mesh: data.mesh });
  await kube.merge(ref, { metadata: { annotations: { [BEFORE]: before } }, data: { mesh } });
}

/**
 * Brings back what was before this process, or one that has died, changed it: to the letter. Another one that is at work is left alone. Of one on another
 * machine that shows by the slots: it gives them back after all else.
 *
 * @returns whether there was anything to bring back
 */
export async function restoreMeshConfig(kube: Kube, run: Run, say?: Say): Promise<boolean> {
  const found = map.safeParse(await kube.get(ref));
  const note = noted.safeParse(JSON.parse(found.data?.metadata.annotations[BEFORE] ?? 'null'));
  if (!note.success) return false;
  const { run: owner, process: changer = owner, mesh } = note.data;
  if (isAtWork(owner, run) && (owner.host === run.host || (await slotsOf(kube, owner)).length > 0)) return false;
  if (owner.id === run.id && changer.pid !== process.pid && isAlive(changer)) return false;
  say?.note(`taking back the mesh-wide configuration of run ${owner.id}, which did not end well`);
  await kube.merge(ref, { metadata: { annotations: { [BEFORE]: null } }, data: { mesh } });
  return true;
}

/**
 * Nothing is judged in a mesh that another run has changed.
 *
 * @throws HarnessError MESH_CONFIG_CHANGED
 */
export async function demandUnchanged(kube: Kube): Promise<void> {
  const note = map.safeParse(await kube.get(ref)).data?.metadata.annotations[BEFORE];
  if (note !== undefined) throw changed(note);
}

async function read(kube: Kube): Promise<z.infer<typeof map>> {
  const found = map.safeParse(await kube.get(ref));
  if (found.success) return found.data;
  throw new HarnessError({
    code: 'NO_MESH_CONFIG',
    blame: 'environment',
    doing: 'Reading the configuration of the mesh',
    expected: 'ConfigMap istio in istio-system, with a field mesh',
    seen: found.error.message,
    next: 'install Istio without a revision: `npm run up` does',
  });
}

function changed(seen: string): HarnessError {
  return new HarnessError({
    code: 'MESH_CONFIG_CHANGED',
    blame: 'environment',
    doing: 'Looking at the configuration of the mesh',
    expected: 'one that no other run has changed',
    seen: `it is changed already: ${seen.slice(0, 120)}`,
    next: `wait for the other run; the next one brings back what a dead one left, on another machine once annotation ${names.claim} is removed from its namespaces`,
  });
}
