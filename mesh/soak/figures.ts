import type { RunEntry } from './run-entry.ts';
import { type Point, type Trend, trendOf } from './trend.ts';

/** A figure that is followed from run to run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  read(entry: RunEntry): number | undefined;
  /** What a hundred runs may add; undefined where it is only drawn. */
  readonly limit?: number;
  /** Runs on a cluster that are not judged at least, where three are too few. */
  readonly warmUp?: number;
}

/** Runs of the list in which the caches of the proxies' allocators fill: what is resident grows meanwhile on a sound mesh. */
const CACHES_FILL = 20;

const figures: readonly Figure[] = [
  {
    name: 'objects in the cluster',
    unit: '',
    limit: 5,
    read: ({ after }) => (after === undefined ? undefined : total(after.objects)),
  },
  { name: 'memory in use by istiod', unit: 'MiB', limit: 10, read: ({ after }) => after?.inUse?.istiod },
  { name: 'memory in use by a proxy, on average', unit: 'MiB', limit: 2, read: ({ after }) => after?.inUse?.meanProxy },
  {
    name: 'memory in use by the largest proxy',
    unit: 'MiB',
    limit: 5,
    read: ({ after }) => after?.inUse?.largestProxy,
  },
  {
    name: 'resident memory of istiod',
    unit: 'MiB',
    limit: 30,
    warmUp: CACHES_FILL,
    read: ({ after }) => after?.memory?.istiod,
  },
  {
    name: 'resident memory of a proxy, on average',
    unit: 'MiB',
    limit: 5,
    warmUp: CACHES_FILL,
    read: ({ after }) => after?.memory?.meanProxy,
  },
  {
    name: 'resident memory of the largest proxy',
    unit: 'MiB',
    limit: 20,
    warmUp: CACHES_FILL,
    read: ({ after }) => after?.memory?.largestProxy,
  },
  { name: 'disk, cache', unit: 'MiB', limit: 50, read: ({ disk }) => disk.cache },
  { name: 'disk, report of one run', unit: 'MiB', limit: 10, read: ({ disk }) => disk.report },
  { name: 'temporary files left', unit: '', limit: 5, read: ({ disk }) => disk.temporary },
  {
    name: 'restarts of istiod and proxies',
    unit: '',
    limit: 1,
    read: ({ after }) => (after === undefined ? undefined : after.restarts.istiod + after.restarts.proxies),
  },
  { name: 'time of the list', unit: 's', read: ({ seconds }) => seconds },
  { name: 'requests judged', unit: '', read: ({ requests }) => requests },
  { name: 'load of the machine at the end', unit: '', read: ({ load }) => load.after },
];

export interface Followed {
  readonly figure: Figure;
  readonly points: readonly Point[];
  /** Undefined where it is only drawn. */
  readonly trend: Trend | undefined;
}

/** Every figure over all runs of a ledger, with its trend. */
export function follow(entries: readonly RunEntry[], followed = figures): readonly Followed[] {
  return followed.map((figure) => {
    const points = entries.flatMap((entry) => {
      const value = figure.read(entry);
      return value === undefined ? [] : [{ run: entry.run, cluster: entry.cluster, value }];
    });
    return {
      figure,
      points,
      trend: figure.limit === undefined ? undefined : trendOf(points, figure.limit, figure.warmUp),
    };
  });
}

/** `memory in use by istiod: steady, +3.1 +-2.0 MiB in a hundred runs, 10 are allowed (67 runs judged)` */
export function trendInWords({ figure: { name, unit, limit = 0 }, trend }: Followed): string {
  if (trend === undefined) return `${name}: not judged`;
  const { verdict, judged, perHundred, error } = trend;
  if (verdict === 'unknown' && error === 0) return `${name}: unknown, ${judged} runs are too few`;
  const sign = perHundred < 0 ? '' : '+';
  const of = unit === '' ? '' : ` ${unit}`;
  return `${name}: ${verdict}, ${sign}${perHundred.toFixed(1)} +-${error.toFixed(1)}${of} in a hundred runs, ${limit} are allowed (${judged} runs judged)`;
}

function total(objects: Readonly<Record<string, number>>): number {
  return Object.values(objects).reduce((sum, count) => sum + count, 0);
}
