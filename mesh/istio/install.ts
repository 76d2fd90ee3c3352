import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import { crashIn } from '../guard/crash.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { nameOf } from '../source/hash.ts';
import { versions } from '../versions.ts';
import type { Installation } from './installation.ts';
import { installed, type Installed } from './installed.ts';

const INSTALL_LIMIT = 5 * 60_000;
const SETTINGS_KEY = 'istio-e2e.dev/settings';
const NAMESPACE_KEY = 'istio-e2e.dev/namespace';

/** The files that `istioctl install -f` is given, in their order. */
export function settingsFiles({ upstreamEnvoy }: Pick<Installation, 'upstreamEnvoy'>): string[] {
  const names = upstreamEnvoy ? ['demo', 'upstream-envoy'] : ['demo'];
  return names.map((name) => fileURLToPath(new URL(`settings/${name}.yaml`, import.meta.url)));
}

/** Whether the harness installed it: only then may it be uninstalled. */
export const isOurs = ({ annotations }: Pick<Installed, 'annotations'>): boolean =>
  annotations[SETTINGS_KEY] !== undefined;

/** What istio-system says of who installed what is there. */
export async function marksIn(kube: Kube): Promise<Pick<Installed, 'annotations'>> {
  const namespace = await kube.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
  return { annotations: namespace?.metadata.annotations ?? {} };
}

/** The same of the Istio that is in a cluster, or of what is left of one. */
export async function installedByUs(kube: Kube): Promise<boolean> {
  return isOurs(await marksIn(kube));
}

/** Whether upstream's Envoy runs in its proxies: an Istio of somebody else's has its own, wherever this machine's images come from. */
export async function runsUpstreamEnvoy(
  kube: Kube,
  { upstreamEnvoy }: Pick<Installation, 'upstreamEnvoy'>,
): Promise<boolean> {
  return upstreamEnvoy && (await installedByUs(kube));
}

/** What `merge` is given to take away what says that the harness installed it. */
export const withoutMarks = { metadata: { annotations: { [SETTINGS_KEY]: null, [NAMESPACE_KEY]: null } } };

/** Whether the namespace was there before, and stays when Istio goes. */
export const foundNamespace = ({ annotations }: Pick<Installed, 'annotations'>): boolean =>
  annotations[NAMESPACE_KEY] !== undefined;

/**
 * Brings the wanted Istio into the cluster, or leaves it as it is where it is there and right.
 *
 * @throws HarnessError ISTIO_OTHER_VERSION where a cluster that is not the harness's own has another one
 */
export async function ensureIstio(kube: Kube, wanted: Installation, say: Say): Promise<void> {
  const settings = await nameSettings(wanted);
  const found = await installed(kube);
  if (found !== undefined && found.version !== wanted.version && !wanted.owned)
    throw otherVersion(found.version, wanted.version, isOurs(found) ? wanted.context : undefined);
  if (found !== undefined && !wanted.owned && !isOurs(found)) {
    say.note(`Istio ${found.version} is installed here: it is used as it is`);
    return;
  }
  if (found?.version === wanted.version && found.annotations[SETTINGS_KEY] === settings && found.ready) {
    say.note(`Istio ${wanted.version} is there and right`);
    return;
  }
  if (found !== undefined) say.note(`Istio ${found.version} is there, but not as it should be: installing over it`);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };
  const before = await kube.get(namespace);
  const { annotations = {} } = before?.metadata ?? {};
  const theirs = before !== undefined && (foundNamespace({ annotations }) || !isOurs({ annotations }));
  // Before anything else, so that an installation that is cut off is known for the harness's own.
  const marks = { [SETTINGS_KEY]: 'installing', ...(theirs ? { [NAMESPACE_KEY]: 'was there before' } : {}) };
  await kube.apply({ ...namespace, metadata: { ...namespace.metadata, annotations: marks } });
  await install(wanted, say).catch(async (error: unknown) => {
    throw (await crashed(kube, wanted.version)) ?? error;
  });
  await kube.merge(namespace, { metadata: { annotations: { [SETTINGS_KEY]: settings } } });
}

async function install(
  { istioctl, kubeconfig, context, hub, tag, version, upstreamEnvoy }: Installation,
  say: Say,
): Promise<void> {
  const files = settingsFiles({ upstreamEnvoy }).flatMap((file) => ['-f', file]);
  const images = hub === undefined ? [] : ['--set', `hub=${hub}`, '--set', `tag=${tag}`];
  say(`istioctl installs Istio ${version}, demo profile`);
  await run(
    istioctl,
    [
      'install',
      '-y',
      '--kubeconfig',
      kubeconfig,
      '--context',
      context,
      ...files,
      ...images,
      '--readiness-timeout',
      '4m',
    ],
    {
      doing: `Installing Istio ${version}`,
      code: 'ISTIO_NOT_INSTALLED',
      next: 'look at the pods of istio-system; a pod that cannot pull its image names it in its events',
      timeoutMillis: INSTALL_LIMIT,
      onLine: (line) => {
        say(
          `istioctl: ${line
            .replace(/[^\x20-\x7e]/g, '')
            .trim()
            .slice(0, 60)}`,
        );
      },
    },
  );
}

/** A release whose own programs fall over is red, and not a machine that is not fit. Undefined where something else kept them from being ready. */
async function crashed(kube: Kube, version: string): Promise<HarnessError | undefined> {
  const crash = await crashIn(kube, 'istio-system');
  if (crash === undefined) return undefined;
  return new HarnessError({
    code: 'ISTIO_CRASHED',
    blame: 'red',
    doing: `Installing Istio ${version}`,
    expected: 'istiod and both gateways to become ready',
    seen: crash,
    next: 'read what it wrote last: kubectl -n istio-system logs --previous POD, or `npm run bundle`',
  });
}

async function nameSettings(wanted: Installation): Promise<string> {
  const texts = await Promise.all(settingsFiles(wanted).map((file) => readFile(file, 'utf8')));
  return nameOf(wanted.tag, wanted.hub ?? '', ...texts);
}

/** @param ours the context by which the harness itself installed what is there; undefined where it did not */
export function otherVersion(seen: string, wanted: string, ours?: string): HarnessError {
  const known = Object.keys(versions.istio.releases).includes(seen)
    ? `say --istio ${seen}`
    : `add ${seen} to versions.json (CONTRIBUTING says how) and say --istio ${seen}`;
  const away =
    ours === undefined
      ? 'uninstall that Istio yourself: the harness replaces none that it did not install'
      : `take it away with \`npm run down -- --context ${ours}\``;
  return new HarnessError({
    code: 'ISTIO_OTHER_VERSION',
    blame: 'usage',
    doing: `Looking for Istio ${wanted}`,
    expected: `Istio ${wanted}, or a cluster without Istio`,
    seen: `Istio ${seen}, ${ours === undefined ? 'which the harness did not install' : 'which an earlier run installed'}`,
    next: `${known}, or ${away}`,
  });
}
