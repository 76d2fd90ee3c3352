import { z } from 'zod';
import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import { converge } from '../waiting/converge.ts';

const ISTIOD_MONITORING = 15014;

const versionSchema = z.object({
  clientVersion: z.object({ version: z.string() }),
  meshVersion: z.array(z.object({ Info: z.object({ version: z.string() }) })).default([]),
  dataPlaneVersion: z.array(z.object({ ID: z.string().optional(), IstioVersion: z.string() })).nullish(),
});

export interface Versions {
  readonly client: string;
  readonly controlPlane: readonly string[];
  readonly dataPlane: readonly { readonly proxy: string; readonly version: string }[];
}

export interface Target {
  readonly istioctl: string;
  readonly kubeconfig: string;
  readonly context: string;
}

/** What client, control plane and every connected proxy say they are. */
export async function readVersions({ istioctl, kubeconfig, context }: Target): Promise<Versions> {
  const printed = await run(istioctl, ['version', '-o', 'json', '--kubeconfig', kubeconfig, '--context', context], {
    doing: 'Asking client, control plane and proxies for their versions',
  });
  const { clientVersion, meshVersion, dataPlaneVersion } = versionSchema.parse(JSON.parse(printed));
  return {
    client: clientVersion.version,
    controlPlane: meshVersion.map(({ Info }) => Info.version),
    dataPlane: (dataPlaneVersion ?? []).map(({ ID = '', IstioVersion }) => ({ proxy: ID, version: IstioVersion })),
  };
}

/** Every counter of istiod's that says a proxy refused configuration, and is not 0: `pilot_xds_lds_reject{...} 2`. */
export async function readRejects(kube: Kube): Promise<readonly string[]> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'istio-system', labels: { app: 'istiod' } });
  const texts = await Promise.all(
    pods.map(({ metadata: { name } }) =>
      kube.rest.call({
        method: 'GET',
        path: `/api/v1/namespaces/istio-system/pods/${name}:${ISTIOD_MONITORING}/proxy/metrics`,
      }),
    ),
  );
  const unread = texts.find(({ status }) => status !== 200);
  if (texts.length === 0 || unread !== undefined) throw unreadable(texts.length, unread?.status);
  // The total over all time is left out: it stays up for ever after one reject that was mended.
  return texts.flatMap(({ text }) => text.split('\n')).filter((line) => /^pilot_xds_[a-z]+_reject\S* [^0]/.test(line));
}

/**
 * Proves that the mesh stands: versions agree everywhere and no proxy has refused what istiod sent it.
 *
 * @throws HarnessError ISTIO_UNPROVED with what does not hold
 */
export async function proveIstio(kube: Kube, target: Target, version: string, say: Say): Promise<void> {
  say('proving that versions agree and every proxy has accepted its configuration');
  const look = async () => wrongWith(await readVersions(target), await readRejects(kube), version);
  const { held, last, millis } = await converge(look, (wrong) => wrong.length === 0, { every: 500, within: 30_000 });
  if (held) return;
  throw new HarnessError({
    code: 'ISTIO_UNPROVED',
    blame: 'environment',
    doing: `Proving Istio ${version}`,
    expected: 'one version of client, control plane and proxies, and no refused configuration',
    seen: last.join('; '),
    afterMillis: millis,
    next: 'a refused configuration names its kind and proxy: look for it with `istioctl proxy-status`',
  });
}

/** Empty where all is well. */
export function wrongWith(
  { client, controlPlane, dataPlane }: Versions,
  rejects: readonly string[],
  version: string,
): string[] {
  const others = dataPlane.filter((proxy) => proxy.version !== version);
  return [
    ...(client === version ? [] : [`istioctl is ${client}`]),
    ...(controlPlane.length > 0 && controlPlane.every((seen) => seen === version)
      ? []
      : [`the control plane is [${controlPlane.join(', ')}]`]),
    ...(dataPlane.length > 0 ? [] : ['no proxy is connected']),
    ...others.map(({ proxy, version: seen }) => `proxy ${proxy} is ${seen}`),
    ...rejects.map((line) => `refused: ${line}`),
  ];
}

function unreadable(pods: number, status: number | undefined): HarnessError {
  return new HarnessError({
    code: 'REJECTS_UNREADABLE',
    blame: 'environment',
    doing: 'Reading which configurations proxies have refused',
    expected: "istiod's metrics",
    seen: pods === 0 ? 'no pod of istiod' : `its pod answered ${status ?? 'nothing'}`,
    next: 'see whether istiod is running: kubectl get pods -n istio-system',
  });
}
