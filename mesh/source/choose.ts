import { request } from 'undici';
import type { Say } from '../say.ts';
import { packagesSource } from './packages/packages.ts';
import { registrySource } from './registry/registry.ts';
import { outgoing } from './outgoing.ts';
import type { Source, SourceName } from './source.ts';

const PROBE_LIMIT = 4_000;

/** Where the images of a cluster come from; each has to answer for `registry` to work. */
const PROBED = [
  'https://registry.istio.io/v2/',
  'https://registry-1.docker.io/v2/',
  'https://github.com/',
  'https://registry.k8s.io/v2/',
  'https://ghcr.io/v2/',
] as const;

export interface Probe {
  readonly url: string;
  readonly answers: boolean;
  readonly detail: string;
}

/** Builds and the doctor of one run are to hear the same, and to wait for it once. */
const asked = new Map<string, Promise<readonly Probe[]>>();

function probeOnce(urls: readonly string[]): Promise<readonly Probe[]> {
  const key = urls.join(' ');
  const probes = asked.get(key) ?? probeRegistries(urls);
  asked.set(key, probes);
  return probes;
}

/** Asks every registry at once, for a few seconds at most. Any HTTP answer counts, a 401 too: someone is there. */
export async function probeRegistries(
  urls: readonly string[] = PROBED,
  limitMillis = PROBE_LIMIT,
): Promise<readonly Probe[]> {
  return Promise.all(urls.map((url) => probe(url, limitMillis)));
}

/** What `--images` says, and where that is `auto`: of which source the cluster that is there was made, if one is. */
export interface Wish {
  readonly images: SourceName | 'auto';
  readonly before?: SourceName | undefined;
}

/**
 * The seam: official images where registries answer, self-made ones where they do not; `--images` decides for the user. A cluster that is there keeps its
 * source: a registry that is silent for once must not have it made anew.
 */
export async function chooseSource(
  { images, before }: Wish,
  say: Say,
  registries = PROBED as readonly string[],
): Promise<Source> {
  if (images !== 'auto') return announce(images, 'as --images says', say);
  if (before !== undefined) return announce(before, 'as for the cluster that is there', say);
  const probes = await probeOnce(registries);
  const silent = probes.filter(({ answers }) => !answers);
  if (silent.length === 0) return announce('registry', 'every registry answers', say);
  const why = silent.map(({ url, detail }) => `${new URL(url).host}: ${detail}`).join('; ');
  return announce('packages', `image registries do not answer (${why})`, say);
}

function announce(name: SourceName, why: string, say: Say): Source {
  say.note(`image source ${name}: ${why}`);
  return name === 'registry' ? registrySource() : packagesSource();
}

async function probe(url: string, limitMillis: number): Promise<Probe> {
  try {
    const { statusCode, body } = await request(url, {
      signal: AbortSignal.timeout(limitMillis),
      dispatcher: outgoing(),
    });
    // Who has begun to answer is there: the end is not waited for.
    void body.dump().catch(() => undefined);
    // What a proxy on the way refuses is not an answer of the registry.
    const answers = statusCode < 400 || statusCode === 401;
    return { url, answers, detail: `HTTP ${statusCode}` };
  } catch (error) {
    return { url, answers: false, detail: reason(error) };
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
