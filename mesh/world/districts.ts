import { readFile } from 'node:fs/promises';
import type { ClusterHandle } from '../cluster/handle.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import { Prober, PROBER_PORT } from '../prober/client.ts';
import { viewByRelay } from '../proxy/relay.ts';
import { parseRules } from '../rules/rule.ts';
import type { GuardedProxy } from '../rules/scene.ts';
import type { Say } from '../say.ts';
import { contentsOf } from './contents.ts';
import { districtRules, loneRequests } from './district-rule.ts';
import { endpointsKnown } from './endpoints.ts';
import type { Site } from './make.ts';
import { districtName, names as own } from './names.ts';
import { type Turns, turnsOn } from '../rules/turns.ts';
import { type Way, waysOpen } from './reach.ts';
import { residentsOf } from './residents.ts';
import type { Run } from './run.ts';
import { claim, ensureSite } from './slot.ts';
import { sweepSlot } from './sweep.ts';
import { visibleTo } from './visibility.ts';

/** Two with sidecars, one without. */
const names = ['foo', 'bar', 'legacy'] as const;
type Name = (typeof names)[number];

/** Ports that its programs listen on. */
const PORTS = [8080, 8081];
/** What their Services call them. */
const SERVICE_PORTS = [8000, 8001];

/** A pod in a district: it asks, and it is asked. */
export interface Resident {
  /** `foo`, and `foo/other` for the second one there. */
  readonly name: string;
  readonly service: string;
  readonly namespace: string;
  /** What a certificate of the mesh calls it: `istio-e2e-w0-foo/sa/httpbin`. */
  readonly identity: string;
  readonly prober: Prober;
  readonly pod: Pod;
  /** Where it has a sidecar. */
  readonly proxy?: GuardedProxy;
}

/** The namespaces of a worker that talk to each other: foo, bar and legacy of the tutorials. */
export interface Districts {
  /** What the tutorials' namespaces are called here. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly residents: readonly Resident[];
}

/** Made when a test first asks for them, and kept: each pod costs, and few tests need these. */
export async function attachDistricts(
  kube: Kube,
  handle: ClusterHandle,
  index: number,
  run: Run,
  say: Say,
): Promise<Districts> {
  const namespaces = new Map(names.map((name) => [name, districtName(index, name)] as const));
  const sites = await Promise.all(names.map((name) => siteOf(handle, name, index)));
  await Promise.all(sites.map((site) => ensureSite(kube, site, run, say)));
  const found = await Promise.all(
    names.map((name) => settled(kube, name, namespaces.get(name) ?? '', { turns: turnsOn(handle.name), run, say })),
  );
  const residents = found.flat();
  const served = residents.map(({ service, pod }) => ({ service, pods: [pod] }));
  const relays = residents.filter(({ proxy }) => proxy !== undefined);
  await Promise.all(relays.map(({ pod }) => endpointsKnown(kube.pod(pod.namespace, pod.name, PROBER_PORT), served)));
  await waysOpen(residents.flatMap((from) => residents.flatMap((to) => waysBetween(from, to))));
  return { namespaces, residents };
}

function waysBetween(from: Resident, to: Resident): readonly Way[] {
  return SERVICE_PORTS.map((port) => ({
    from: from.name,
    to: `${to.name}:${port}`,
    ask: () =>
      from.prober.send({
        target: `http://${to.service}.${to.namespace}:${port}/headers`,
        count: 1,
        connections: 'fresh',
        timeoutMillis: 5_000,
      }),
  }));
}

async function settled(
  kube: Kube,
  name: Name,
  namespace: string,
  { turns, run, say }: { readonly turns: Turns; readonly run: Run; readonly say: Say },
): Promise<readonly Resident[]> {
  await claim(kube, namespace, run);
  await sweepSlot(kube, namespace, turns, say);
  const residents = (await readyPodsOf(kube, { namespace })).map((pod) => residentIn(kube, name, pod));
  const sidecars = residents.flatMap(({ proxy }) => (proxy === undefined ? [] : [proxy.view]));
  if (sidecars.length > 0) await loneRequests({ kube, namespace, sidecars, turns, run });
  return residents;
}

function residentIn(kube: Kube, district: Name, pod: Pod): Resident {
  const { namespace, labels } = pod;
  const service = labels['app'] ?? '';
  const http = kube.pod(namespace, pod.name, PROBER_PORT);
  const view = viewByRelay(namespace, pod.name, http);
  return {
    name: service === 'httpbin' ? district : `${district}/${service}`,
    service,
    namespace,
    identity: `${namespace}/sa/${service}`,
    prober: new Prober(http),
    pod,
    ...(pod.containers.includes('istio-proxy') ? { proxy: { view, namespace, labels, ports: PORTS } } : {}),
  };
}

async function siteOf(handle: ClusterHandle, name: Name, index: number): Promise<Site> {
  const resident = parseRules(await readFile(new URL('resident.yaml', import.meta.url), 'utf8'));
  const inMesh = name !== 'legacy';
  const residents = residentsOf(resident, name === 'foo' ? ['httpbin', 'other'] : ['httpbin']);
  const shown = residents.map((object) => visibleTo(object, allOf(index)));
  const labels = { [own.slot]: `${index}`, ...(inMesh ? { 'istio-injection': 'enabled' } : {}) };
  return {
    namespace: districtName(index, name),
    labels,
    contents: contentsOf(handle, shown, inMesh ? await districtRules() : []),
  };
}

/** The districts of a slot ask each other, and nobody else asks them. */
function allOf(index: number): readonly string[] {
  return names.map((name) => districtName(index, name));
}
