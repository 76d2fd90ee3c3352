import type { RunEntry } from '../../mesh/soak/run-entry.ts';

export const subject = { commit: 'abc123', istio: '1.31.1', chosen: 'the whole list' };

/** A green run that left nothing, but for what is said to be otherwise. */
export function entry(run: number, change: Partial<RunEntry> = {}): RunEntry {
  return {
    run,
    began: '2026-11-21T01:00:00.000Z',
    subject,
    cluster: 'one',
    order: `7-${run}`,
    workers: 2,
    verdict: 'green',
    passed: 60,
    failed: 0,
    skipped: 3,
    notReached: 0,
    red: [],
    seconds: 120,
    requests: 30_000,
    after: footprint(100, 400),
    left: [],
    disk: { cache: 2000, report: 1, temporary: 10 },
    load: { before: 1, after: 2, cores: 2 },
    ...change,
  };
}

export function footprint(istiod: number, objects: number): NonNullable<RunEntry['after']> {
  return {
    objects: { Pod: 40, ConfigMap: objects - 40 },
    memory: { istiod, proxies: 400, meanProxy: 20, largestProxy: 30 },
    inUse: { istiod, meanProxy: 15, largestProxy: 20 },
    restarts: { istiod: 0, proxies: 0 },
  };
}
