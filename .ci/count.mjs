// Adds up what the parts of a CI run counted, and says again what was red: a log may be long, and its end is what is read.
// A part that ended badly without a failed test of its own counts as one failure, so that the line is true where a part broke before it could count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...exitCodes] = process.argv.slice(2);
const nothing = { passed: 0, failed: 0, skipped: 0, notReached: 0, red: [] };

function counted(file) {
  try {
    return { ...nothing, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) };
  } catch {
    return nothing;
  }
}

const parts = [
  { command: 'npm test', ...counted('tests.json') },
  { command: 'npm run e2e', ...counted('summary.json') },
  { command: 'npm run down', ...nothing },
].map((part, index) => ({ ...part, exitCode: exitCodes[index] }));
const broken = parts.filter(({ exitCode, failed }) => exitCode !== '0' && failed === 0);
const sum = (what) => parts.reduce((total, part) => total + part[what], 0);

for (const { test, line } of parts.flatMap(({ red }) => red)) console.log(`failed: ${test}: ${line}`);
for (const { command, exitCode } of broken)
  console.log(`failed: ${command} ended with ${exitCode}; what it printed says why`);
const failed = sum('failed') + broken.length;
const besides = Object.entries({ skipped: sum('skipped'), 'not reached': sum('notReached') })
  .filter(([, count]) => count > 0)
  .map(([what, count]) => `, ${count} ${what}`);
console.log(`${sum('passed')} passed, ${failed} failed${besides.join('')}`);
const codes = exitCodes.map(Number).filter((code) => code !== 0);
// Red is red, whatever else went wrong. Where nothing was, the code tells an unfit machine from a mesh that misbehaves.
process.exit(codes.includes(1) ? 1 : (codes[0] ?? (failed === 0 && sum('passed') > 0 ? 0 : 1)));
