import { z } from 'zod';
import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Say } from '../say.ts';
import { converge } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { printed } from './printed.ts';
import { accountsIn, IN_FULL } from './proxy-accounts.ts';

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

/** Without an API server, both of istioctl's commands wait for ever. */
const LIMIT_MILLIS = 30_000;

/**
 * What client, control plane and connected proxies say they are.
 *
 * @param call `claimed` where a test claims that it works
 * @param isMeant which proxies are asked about, by their ids
 */
export async function readVersions(
  { istioctl, kubeconfig, context }: Target,
  call: typeof run,
  isMeant: (proxy: string) => boolean,
): Promise<Versions> {
  const text = await call(istioctl, ['version', '-o', 'json', '--kubeconfig', kubeconfig, '--context', context], {
    doing: 'Asking client, control plane and proxies for their versions',
    timeoutMillis: LIMIT_MILLIS,
  });
  const { clientVersion, meshVersion, dataPlaneVersion } = printed(versionSchema, text, 'version');
  return {
    client: clientVersion.version,
    controlPlane: meshVersion.map(({ Info }) => Info.version),
    dataPlane: (dataPlaneVersion ?? [])
      .filter((one) => !isIstioctl(one))
      .map(({ ID = '', IstioVersion }) => ({ proxy: ID, version: IstioVersion }))
      .filter(({ proxy }) => isMeant(proxy)),
  };
}

/** Another istioctl that asks istiod at this moment is a client of it, too: under this name and of this version (Istio's pkg/adsc). */
function isIstioctl({
  ID,
  IstioVersion,
}: {
  readonly ID?: string | undefined;
  readonly IstioVersion: string;
}): boolean {
  return ID === 'test-1.default' && IstioVersion === '65536.65536.65536';
}

/**
 * Refusals that stand, by istiod's own account: of each connected proxy whose last answer to some kind of configuration was a no. One that was
 * mended is none any more; istiod's counters (`pilot_xds_lds_reject`) would tell of it until istiod is restarted. An account without any answer of any
 * proxy proves nothing, and is something wrong, too.
 *
 * @param call `claimed` where a test claims that it works
 * @param isMeant of whose refusals it is asked, by the proxy's id
 */
export async function readRejects(
  { istioctl, kubeconfig, context }: Target,
  call: typeof run,
  isMeant: (proxy: string) => boolean,
): Promise<readonly string[]> {
  const args = ['proxy-status', ...IN_FULL, '--kubeconfig', kubeconfig, '--context', context];
  const doing = 'Asking istiod which configurations proxies have refused';
  const text = await call(istioctl, args, { doing, timeoutMillis: LIMIT_MILLIS });
  const meant = accountsIn(text).filter(({ proxy }) => isMeant(proxy));
  if (meant.every(({ kinds }) => kinds.length === 0))
    return ['istioctl proxy-status tells of no proxy what it accepted'];
  return meant.flatMap(({ proxy, kinds }) =>
    kinds.filter(({ refused }) => refused).map(({ name, why }) => `${proxy} refused its ${name}: ${inOneLine(why)}`),
  );
}

function inOneLine(details = 'istiod does not say why'): string {
  return details.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/**
 * Tells proxies of Istio's own namespace, and of these, from others.
 *
 * @returns asked by a proxy's id: `istio-egressgateway-6f7c.istio-system`, as it stands or in the middle of a longer one
 */
export function proxiesOf(...namespaces: readonly string[]): (proxy: string) => boolean {
  const meant = new Set([ISTIO_NAMESPACE, ...namespaces]);
  return (proxy) => proxy.split('~').some((part) => meant.has(part.slice(part.lastIndexOf('.') + 1)));
}

/**
 * Proves that Istio stands: versions agree, and none of its own proxies has refused what istiod sent it. Of those of slots a test tells, I01: what is as
 * old as the Istio before is made anew only now.
 *
 * @throws HarnessError ISTIO_UNPROVED with what does not hold
 */
export async function proveIstio(target: Target, version: string, say: Say): Promise<void> {
  say('proving that versions agree and every proxy has accepted its configuration');
  const isIstios = proxiesOf();
  const look = async () => {
    return wrongWith(await readVersions(target, run, isIstios), await readRejects(target, run, isIstios), version);
  };
  const { held, last, millis } = await converge(look, (wrong) => wrong.length === 0, { every: 500, within: 30_000 });
  if (held) return;
  throw new HarnessError({
    code: 'ISTIO_UNPROVED',
    // A configuration that Istio's own proxies refuse is Istio's.
    blame: last.some((wrong) => wrong.includes(' refused its ')) ? 'red' : 'environment',
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
    ...rejects,
  ];
}
