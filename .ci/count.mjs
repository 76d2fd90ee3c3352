// Adds up what the parts of a CI run counted. A part that ended badly without a failed test of its own counts as one failure,
// so that the line is true where a part broke before it could count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...exitCodes] = process.argv.slice(2);

function counted(file) {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

const parts = [counted('tests.json'), counted('summary.json'), { passed: 0, failed: 0, skipped: 0 }];
const sum = (what) => parts.reduce((total, part) => total + part[what], 0);
const broken = parts.filter((part, index) => exitCodes[index] !== '0' && part.failed === 0).length;
const failed = sum('failed') + broken;
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`${sum('passed')} passed, ${failed} failed${skipped}`);
process.exit(failed === 0 && sum('passed') > 0 ? 0 : 1);
