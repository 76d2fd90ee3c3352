import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { HarnessError } from '../../mesh/errors.ts';
import { drawFor } from '../../mesh/soak/draw.ts';
import { countedByPlace, leftBetween } from '../../mesh/soak/footprint.ts';
import { RunLedger } from '../../mesh/soak/ledger.ts';
import { scratch } from '../fakes/scratch.ts';
import { entry, subject } from './entries.ts';

const failure = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof HarnessError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
  return 'nothing was refused';
};

test('a ledger goes on where an earlier sitting ended', async () => {
  await using folder = await scratch();
  const path = folder.at('deep', 'soak.jsonl');
  RunLedger.open(path, subject).add(entry(1));
  const later = RunLedger.open(path, subject);
  later.add(entry(2, { verdict: 'red', red: [{ test: 'T05 half', line: 'kubia is not split' }] }));
  expect(RunLedger.open(path, subject).entries).toEqual(later.entries);
  expect(later.entries.map(({ run }) => run)).toEqual([1, 2]);
});

test.each([
  ['commit', { commit: 'def456' }],
  ['istio', { istio: '1.31.0' }],
  ['chosen', { chosen: '@T05' }],
])('runs of another %s are refused, and the file stays as it was', async (field, change) => {
  await using folder = await scratch();
  const path = folder.at('soak.jsonl');
  RunLedger.open(path, subject).add(entry(1));
  const before = await readFile(path, 'utf8');
  const line = failure(() => RunLedger.open(path, { ...subject, ...change }));
  expect(line).toContain(`run 1 was of ${field} `);
  expect(line).toContain('[ANOTHER_SUBJECT]');
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('a line that was cut off by the death of its writer is not counted, and the next one is whole', async () => {
  await using folder = await scratch();
  const path = folder.at('soak.jsonl');
  RunLedger.open(path, subject).add(entry(1));
  await appendFile(path, '{"run":2,"began":"2026');
  const ledger = RunLedger.open(path, subject);
  expect(ledger.entries).toHaveLength(1);
  ledger.add(entry(2));
  expect(RunLedger.open(path, subject).entries.map(({ run }) => run)).toEqual([1, 2]);
});

test('what is no ledger is refused', async () => {
  await using folder = await scratch();
  const path = folder.at('notes.txt');
  await writeFile(path, 'hello\n');
  expect(failure(() => RunLedger.open(path, subject))).toContain('line 1: ');
});

test('a draw is the same for the same seed, and another for the next run', () => {
  const drawn = Array.from({ length: 40 }, (_, index) => drawFor('seed', index + 1, [1, 2]));
  expect(drawn).toEqual(Array.from({ length: 40 }, (_, index) => drawFor('seed', index + 1, [1, 2])));
  expect(new Set(drawn.map(({ order }) => order)).size).toBe(40);
  const alone = drawn.filter(({ workers }) => workers === 1).length;
  expect(alone).toBeGreaterThan(10);
  expect(alone).toBeLessThan(30);
});

test('objects are counted by kind and place, since names change from run to run', () => {
  const before = countedByPlace(['Pod w0/prober-a', 'Pod w0/prober-b', 'Namespace w0', 'Secret w0/s']);
  const after = countedByPlace(['Pod w0/prober-c', 'Pod w0/prober-d', 'Namespace w0', 'Namespace w0-room', 'Pod w1/x']);
  expect(leftBetween(before, after)).toEqual(['+1 Namespace', '+1 Pod w1', '-1 Secret w0']);
  expect(leftBetween(before, before)).toEqual([]);
});
