import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this code runs from. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where everything built or fetched lives, shared by all clones of this user: `ISTIO_E2E_CACHE`, else `istio-e2e` below
 * `XDG_CACHE_HOME`, else below `~/.cache`.
 */
export const cacheRoot =
  process.env['ISTIO_E2E_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'istio-e2e');

export const cachePath = (...parts: readonly string[]): string => join(cacheRoot, ...parts);

/** What belongs to one cluster: its kubeconfig, its kind configuration, its record and its lock. */
export const clusterPath = (name: string, ...parts: readonly string[]): string => cachePath('clusters', name, ...parts);
