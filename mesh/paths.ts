import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this code runs from. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** A variable that is set to nothing is not set. */
const variable = (name: string): string | undefined => (process.env[name] === '' ? undefined : process.env[name]);

/**
 * Where everything built or fetched lives, shared by all clones of this user: `ISTIO_E2E_CACHE`, else `istio-e2e` below
 * `XDG_CACHE_HOME`, else below `~/.cache`. Programs that work in other folders are told of it, so it is absolute.
 */
export const cacheRoot = resolve(
  variable('ISTIO_E2E_CACHE') ?? join(variable('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'istio-e2e'),
);

/** All that the harness writes into that folder, which may hold other things, too, where somebody named it. */
export const CACHE_PARTS = [
  'clusters',
  'compiled',
  'contexts',
  'digests.json',
  'discovery',
  'downloads',
  'engine',
  'envoy',
  'locks',
  'programs',
  'rootfs',
  'wheels',
] as const;

export const cachePath = (part: (typeof CACHE_PARTS)[number], ...parts: readonly string[]): string =>
  join(cacheRoot, part, ...parts);

/** What belongs to one cluster: its kubeconfig, its kind configuration, its record, and the locks of what runs take turns for in it. */
export const clusterPath = (name: string, ...parts: readonly string[]): string => cachePath('clusters', name, ...parts);
