import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EVIDENCE } from '../mesh/evidence/record.ts';
import { EXCUSED } from '../mesh/guard/known.ts';

/** All that a run of the suites leaves in its report; but not `verdicts.json`, which remembers earlier runs on purpose. */
const left = [
  'results.json',
  'junit.xml',
  'html',
  'scenarios.md',
  'coverage.md',
  'summary.json',
  'artifacts',
  EXCUSED,
  EVIDENCE,
];

/**
 * Takes away what an earlier run left, which must not be taken for what this one comes to. Whatever else lies there stays: reports of soak, faults and
 * selftest, bundles, the counts of `npm test`.
 */
export async function clearReport(report: string): Promise<void> {
  await Promise.all(left.map((name) => rm(join(report, name), { recursive: true, force: true })));
}
