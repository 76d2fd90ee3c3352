import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findEvidence, replay } from '../../mesh/evidence/replay.ts';
import { judges } from '../../mesh/verdict/registry.ts';

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

/** Judges of what only images of registries have. */
const withoutImages = ['toShowCalls', 'toShowData'];
/** Judges of which a red verdict is among the bad ones: a quick selftest has so many. */
const RED_JUDGES = 24;

test('every judge has taken a verdict of a right mesh, and most of a wrong one', () => {
  const judgesOf = (name: string) =>
    new Set(replay(findEvidence(`${runs}/${name}`)).map(({ record }) => record?.judge));
  const [good, bad] = [judgesOf('good'), judgesOf('bad')];
  expect(Object.keys(judges).filter((judge) => !good.has(judge))).toEqual(withoutImages);
  expect(bad.size).toBeGreaterThanOrEqual(RED_JUDGES);
});

test('there is a good run, and two that are red', () => {
  const folders = ['good', 'bad', 'interrupted'];
  expect(folders.map((name) => existsSync(`${runs}/${name}/SHA256SUMS`))).toEqual([true, true, true]);
});
