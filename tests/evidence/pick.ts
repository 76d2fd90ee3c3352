import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DIGESTS, digestOf, endEvidence, RUN_FILE } from '../../mesh/evidence/record.ts';
import { findEvidence, replay } from '../../mesh/evidence/replay.ts';

/**
 * Makes a run of `runs/` of the report of a real one: of each judge the shortest file that is green, or red, with not a byte of it changed.
 *
 *   node tests/evidence/pick.ts REPORT green|red tests/evidence/runs/NAME
 */
const [report = '', colour = '', into = ''] = process.argv.slice(2);
if (!['green', 'red'].includes(colour) || into === '')
  throw new RangeError('Usage: node tests/evidence/pick.ts REPORT green|red FOLDER');
if (existsSync(into) && !existsSync(join(into, DIGESTS)))
  throw new RangeError(`${into} is there and holds no evidence: name another folder`);

const from = findEvidence(report);
const size = (file: string): number => statSync(join(from, file)).size;
const fitting = replay(from).filter(
  ({ fate, record }) => fate === 'agrees' && record?.verdict.pass === (colour === 'green'),
);
const picked = [...Map.groupBy(fitting, ({ record }) => record?.judge).values()].map(
  (files) => files.map(({ file }) => file).toSorted((a, b) => size(a) - size(b))[0] ?? '',
);

rmSync(into, { recursive: true, force: true });
for (const file of [RUN_FILE, ...picked.toSorted()]) {
  mkdirSync(dirname(join(into, file)), { recursive: true });
  copyFileSync(join(from, file), join(into, file));
  appendFileSync(join(into, DIGESTS), `${digestOf(readFileSync(join(into, file)))}  ${file}\n`);
}
endEvidence(into);
console.log(`${picked.length} files, one of each judge`);
