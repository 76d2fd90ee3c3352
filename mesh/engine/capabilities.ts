import { readFile } from 'node:fs/promises';

/** Bit of CAP_SYS_RESOURCE in the kernel's masks (`man 7 capabilities`, linux/capability.h). */
const SYS_RESOURCE = 24n;

/**
 * Whether processes of this machine may ever hold CAP_SYS_RESOURCE. Reduced virtual machines and some container hosts drop
 * it from the bounding set, and then neither Docker's `--privileged` nor kubelet's OOM scores work as they are.
 *
 * @param status text of /proc/self/status
 */
export function mayHaveSysResource(status: string): boolean {
  const mask = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined || (BigInt(`0x${mask}`) & (1n << SYS_RESOURCE)) !== 0n;
}

/** The same for this machine; anything but Linux runs its containers in a virtual machine that is not reduced. */
export async function hasSysResource(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return mayHaveSysResource(await readFile('/proc/self/status', 'utf8'));
}
