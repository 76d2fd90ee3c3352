import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import { settingsFiles } from '../istio/install.ts';
import type { KubeObject } from '../kube/objects.ts';
import { dig, isMessage, type Message, messages, text } from '../proxy/dump.ts';
import { parseRules } from '../rules/rule.ts';
import { containerNamed, withRelay } from './askers.ts';
import { gatewayLabel, ISTIO_NAMESPACE } from './names.ts';
import { visibleTo } from './visibility.ts';

const appsRoot = fileURLToPath(new URL('../../apps', import.meta.url));
/** What belongs into every slot besides the apps. */
const ownFiles = ['gateway.yaml', 'scope.yaml'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
/** Manifests name images by the folder of their app. */
const ownImage = /^istio-e2e\/([\w-]+)/;

/** Brought into a slot only when a test first asks for them: every pod costs, and few tests need these. */
const onDemand: readonly string[] = ['httpbin'];

/** What a slot consists of, besides its namespace. */
export interface Contents {
  /** Changes with any manifest, any image, the versions of Istio and Kubernetes and the mesh's settings: two slots of one hash are alike. */
  readonly hash: string;
  objectsFor(namespace: string, labels: Readonly<Record<string, string>>): readonly KubeObject[];
}

/** Whose proxies know a slot's Services: its own, and Istio's gateways, through which some tests come. */
const audience = ['.', ISTIO_NAMESPACE];

/** Every app that has a `k8s.yaml` and is not brought on demand, and the slot's own ingress gateway. */
export async function readContents(handle: ClusterHandle, root = appsRoot): Promise<Contents> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).toSorted();
  const objectsIn = async (chosen: readonly string[]) => {
    const manifests = await Promise.all(chosen.map((name) => manifestOf(join(root, name, 'k8s.yaml'))));
    return manifests.filter((manifest) => manifest !== undefined).flatMap((source) => shown(parseRules(source)));
  };
  const apps = await objectsIn(names.filter((name) => !onDemand.includes(name)));
  const later = await objectsIn(names.filter((name) => onDemand.includes(name)));
  const sources = await Promise.all(ownFiles.map((file) => readFile(file, 'utf8')));
  const ownObjects = sources.flatMap((source) => shown(parseRules(source)));
  const relay = containerNamed(ownObjects, 'prober');
  const first = [...apps, ...ownObjects].map((object) => withRelay(object, relay));
  return contentsOf(handle, first, later);
}

/**
 * These objects, with the images of the cluster.
 *
 * @param later what is brought there on demand: were it changed under a slot that has it already, its pods would be replaced beside a test
 */
export function contentsOf(
  handle: ClusterHandle,
  written: readonly KubeObject[],
  later: readonly KubeObject[] = [],
): Contents {
  const complete = (objects: readonly KubeObject[]) => objects.map((object) => withImages(object, handle.images));
  const [parsed, besides] = [complete(written), complete(later)];
  const { istioVersion, kubernetesVersion, upstreamEnvoy } = handle;
  // Proxies keep what the mesh's configuration said when they were started.
  const settings = settingsFiles({ upstreamEnvoy }).map((file) => readFileSync(file, 'utf8'));
  const hash = createHash('sha256')
    .update(JSON.stringify([istioVersion, kubernetesVersion, settings, parsed, besides]))
    .digest('hex')
    .slice(0, 16);
  return { hash, objectsFor: (namespace, labels) => parsed.map((object) => settle(object, namespace, labels)) };
}

/** One app's objects, by its folder, as they are applied in a namespace. */
export async function objectsOfApp(
  { images }: Pick<ClusterHandle, 'images'>,
  app: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly KubeObject[]> {
  const written = shown(parseRules(await readFile(join(appsRoot, app, 'k8s.yaml'), 'utf8')));
  return written.map((object) => settle(withImages(object, images), namespace, labels));
}

/** Objects of a file as a slot holds them: placed, and with the images that were built. */
export function settled(
  objects: readonly KubeObject[],
  images: ClusterHandle['images'],
  namespace: string,
  labels: Readonly<Record<string, string>>,
): readonly KubeObject[] {
  return objects.map((object) => settle(withImages(object, images), namespace, labels));
}

function shown(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.map((object) => visibleTo(object, audience));
}

async function manifestOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function settle(object: KubeObject, namespace: string, labels: Readonly<Record<string, string>>): KubeObject {
  const metadata = { ...object.metadata, namespace, labels: { ...object.metadata.labels, ...labels } };
  const template = dig(object, 'spec', 'template');
  if (!isMessage(template)) return { ...object, metadata };
  const podLabels = { ...(dig(template, 'metadata', 'labels') as Record<string, string>), ...labels };
  // A Gateway selects by this label across all namespaces, so it must differ from one slot to the next.
  const own = podLabels['app'] === 'ingress' ? { ...podLabels, istio: gatewayLabel(namespace) } : podLabels;
  const pod = { ...template, metadata: { ...(template['metadata'] as object), labels: own } };
  return { ...object, metadata, spec: { ...(object['spec'] as object), template: pod } };
}

/** The same object with the images of the cluster, where it names them by the folders of their apps. */
export function withImages(object: KubeObject, images: ClusterHandle['images']): KubeObject {
  const spec = object['spec'];
  if (object.kind === 'Pod' && isMessage(spec)) return { ...object, spec: podWithImages(spec, images) };
  const pod = dig(spec, 'template', 'spec');
  if (!isMessage(pod)) return object;
  const owner = spec as { readonly template: object };
  return { ...object, spec: { ...owner, template: { ...owner.template, spec: podWithImages(pod, images) } } };
}

function podWithImages(pod: Message, images: ClusterHandle['images']): object {
  const containers = messages(pod['containers']).map((container) => ({
    ...container,
    image: imageOf(text(container['image']), images),
  }));
  return { ...pod, containers };
}

function imageOf(written: string, images: ClusterHandle['images']): string {
  const [, app] = ownImage.exec(written) ?? [];
  if (app === undefined) return written;
  const image = images[app];
  if (image !== undefined) return image;
  throw new HarnessError({
    code: 'IMAGE_MISSING',
    blame: 'environment',
    doing: `Preparing the apps of a slot`,
    expected: `an image for app ${app} in the cluster's record`,
    seen: Object.keys(images).join(', ') || 'none',
    next: 'load the images with `npm run deploy`, after `npm run up`',
  });
}
