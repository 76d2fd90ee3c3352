import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { SourceName } from '../source/source.ts';
import { writeWhole } from '../write-whole.ts';

const schema = z.object({
  name: z.string(),
  provider: z.enum(['kind', 'existing']),
  /** Absolute path of a kubeconfig that only the harness uses (the user's own one with provider `existing`). */
  kubeconfig: z.string(),
  context: z.string(),
  /** Absolute path of an istioctl of the version that is installed. */
  istioctl: z.string(),
  istioVersion: z.string(),
  kubernetesVersion: z.string(),
  /** Of the images that the harness brings along: Envoy's own build instead of Istio's, so no istio.stats, no ALPN filter. */
  upstreamEnvoy: z.boolean(),
  /** The harness made this cluster and may replace what is in it. */
  owned: z.boolean(),
  /** Image that the apps' images are built on. */
  appBase: z.string(),
  /** `REGISTRY/PATH` by which images reach this cluster, where the user named one. */
  appImages: z.string().optional(),
  /** How the cluster was made, where the harness made it: enough to make a second one like it. */
  boot: z
    .object({
      kind: z.string(),
      node: z.string(),
      ownNetwork: z.boolean(),
      istio: z.object({
        images: z.array(z.object({ reference: z.string(), name: z.string() })),
        hub: z.string().optional(),
        tag: z.string(),
      }),
    })
    .optional(),
  /** Images of the apps that others wrote, in this machine's engine, by folder name under apps/. */
  foreignApps: z.record(z.string(), z.string()).default({}),
  /** Image reference of every app, by folder name under apps/. */
  images: z.record(z.string(), z.string()),
});

/** What `npm run deploy` leaves behind for the suites: all a worker needs to attach to a cluster that is up. */
export type ClusterHandle = z.infer<typeof schema>;

/** The source that the images of a cluster came from; undefined where there is none. */
export function sourceOf(handle: Pick<ClusterHandle, 'upstreamEnvoy'> | undefined): SourceName | undefined {
  if (handle === undefined) return undefined;
  return handle.upstreamEnvoy ? 'packages' : 'registry';
}

/** Name of the environment variable in which scripts pass the handle's path to Playwright's workers. */
export const HANDLE_VARIABLE = 'ISTIO_E2E_CLUSTER_FILE';

/**
 * Reads the handle that `npm run deploy` wrote.
 *
 * @throws HarnessError NO_CLUSTER where the file is missing or of another shape
 */
export async function readHandle(path = process.env[HANDLE_VARIABLE]): Promise<ClusterHandle> {
  try {
    return schema.parse(JSON.parse(await readFile(path ?? '', 'utf8')));
  } catch (cause) {
    throw new HarnessError({
      code: 'NO_CLUSTER',
      blame: 'environment',
      doing: 'Attaching to the cluster',
      seen: path === undefined ? `${HANDLE_VARIABLE} is not set` : `no readable cluster record at ${path}`,
      next: 'run the suites with `npm run suites`, after `npm run deploy`',
      cause,
    });
  }
}

/** Writes it whole or not at all. */
export async function writeHandle(path: string, handle: ClusterHandle): Promise<void> {
  await writeWhole(path, JSON.stringify(handle, null, 2));
}
