import { chmod, writeFile } from 'node:fs/promises';
import { type Scratch } from '../../fakes/scratch.ts';

/** An istioctl that says these versions, whatever it is asked, and how to call it. */
export async function istioctlIn(
  folder: Scratch,
  client: string,
  controlPlane: readonly string[],
  proxies: readonly string[],
) {
  const said = {
    clientVersion: { version: client },
    meshVersion: controlPlane.map((version) => ({ Info: { version } })),
    dataPlaneVersion: proxies.map((version, index) => ({ ID: `pod-${index}.ns`, IstioVersion: version })),
  };
  const istioctl = folder.at('istioctl');
  await writeFile(istioctl, `#!/bin/sh\necho '${JSON.stringify(said)}'\n`);
  await chmod(istioctl, 0o755);
  return { istioctl, kubeconfig: 'none', context: 'none' };
}
