import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findEvidence, replay } from '../../mesh/evidence/replay.ts';

/** Evidence of runs on a real mesh: as it should be, with rules that were wrong on purpose, and cut off while requests were on their way. */
const runs = fileURLToPath(new URL('runs', import.meta.url));

describe.each(readdirSync(runs))('the run %s', (name) => {
  const all = replay(findEvidence(`${runs}/${name}`));

  test('comes to every verdict again', () => {
    const others = all.filter(({ fate }) => fate !== 'agrees').map(({ fate }) => fate);
    expect(others).toEqual(name === 'interrupted' ? ['incomplete'] : []);
    expect(all.length - others.length).toBeGreaterThanOrEqual(3);
  });

  test('is what its name says', () => {
    const isRed = all.some(({ record }) => record?.verdict.pass === false);
    expect(isRed).toBe(name !== 'good');
  });
});

test('there is a good run, and two that are red', () => {
  const folders = ['good', 'bad', 'interrupted'];
  expect(folders.map((name) => existsSync(`${runs}/${name}/SHA256SUMS`))).toEqual([true, true, true]);
});
