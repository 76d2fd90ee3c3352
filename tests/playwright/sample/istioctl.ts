import { chmod, writeFile } from 'node:fs/promises';
import { type Scratch } from '../../fakes/scratch.ts';

/** An istioctl that says these versions, whatever it is asked, and how to call it. */
export function istioctlIn(
  folder: Scratch,
  client: string,
  controlPlane: readonly string[],
  proxies: readonly string[],
) {
  return istioctlSaying(folder, {
    clientVersion: { version: client },
    meshVersion: controlPlane.map((version) => ({ Info: { version } })),
    dataPlaneVersion: proxies.map((version, index) => ({ ID: `pod-${index}.ns`, IstioVersion: version })),
  });
}

/** As above, with what it says. */
export async function istioctlSaying(folder: Scratch, said: object) {
  const istioctl = folder.at('istioctl');
  await writeFile(istioctl, `#!/bin/sh\nprintf '%s' '${JSON.stringify(said)}'\n`);
  await chmod(istioctl, 0o755);
  return { istioctl, kubeconfig: 'none', context: 'none' };
}

/** What `istioctl proxy-status -o json` says of one proxy: of each kind of configuration its status, and why if it was refused. */
export function statusOf(id: string, kinds: Readonly<Record<string, string>>, details?: string) {
  const genericXdsConfigs = Object.entries(kinds).map(([kind, configStatus]) => ({
    typeUrl: `type.googleapis.com/envoy.config.${kind.toLowerCase()}.v3.${kind}`,
    configStatus,
    ...(configStatus === 'ERROR' && details !== undefined ? { errorState: { details } } : {}),
  }));
  return { node: { id }, genericXdsConfigs };
}
