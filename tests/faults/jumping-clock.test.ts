import { access, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scratch } from '../fakes/scratch.ts';
import { pinnedNode } from '../fakes/script.ts';

const preload = fileURLToPath(new URL('../../mesh/faults/jumping-clock.ts', import.meta.url));
const program = `
  const ahead = () => Math.round((Date.now() - performance.timeOrigin - performance.now()) / 60_000) + 0;
  const made = () => Math.round((new Date().getTime() - performance.timeOrigin - performance.now()) / 60_000) + 0;
  console.log(ahead(), made());
  process.stdin.once('data', () => setTimeout(() => { console.log(ahead(), made(), new Date(0).toISOString()); process.exit(); }, 300));
`;

test('a clock jumps when the file is there, and not before; given times stay what they are', async () => {
  await using folder = await scratch();
  const env = { ISTIO_E2E_CLOCK_JUMPS_AT: folder.at('now') };
  const child = execa(pinnedNode, ['--disable-warning=ExperimentalWarning', '--import', preload, '-e', program], {
    env,
  });
  child.stdout.once('data', () => {
    void writeFile(folder.at('now'), '').then(() => child.stdin.write('go\n'));
  });
  expect((await child).stdout).toBe('0 0\n120 120 1970-01-01T00:00:00.000Z');
  // Whoever injects it sees by this that it came.
  await access(folder.at('nowed'));
});
