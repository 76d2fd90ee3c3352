import { clockJumps, diskFull, dnsBroken } from './around.ts';
import type { Fault } from './fault.ts';
import { apiServerRestarted, istiodKilled, machineSlow, nodeFrozen, sidecarKilled } from './on-the-node.ts';

export const faults: readonly Fault[] = [
  istiodKilled,
  apiServerRestarted,
  nodeFrozen,
  sidecarKilled,
  dnsBroken,
  diskFull,
  machineSlow,
  clockJumps,
];
