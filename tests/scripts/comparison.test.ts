import { describe, expect, test } from 'vitest';
import { compare, renderComparison, sideIn } from '../../scripts/comparison.ts';

const passed = { status: 'expected' };
const failed = (message: string) => ({ status: 'unexpected', results: [{ errors: [{ message }] }] });
const skipped = (description: string) => ({
  status: 'skipped',
  expectedStatus: 'skipped',
  annotations: [{ type: 'skip', description }],
});
const notReached = { status: 'skipped', expectedStatus: 'passed' };

/** @param ended by the test's title, once for each repetition */
function reportOf(ended: Readonly<Record<string, readonly object[]>>, errors: readonly string[] = []): object {
  const specs = Object.entries(ended).flatMap(([title, tests]) =>
    tests.map((one) => ({ title, file: 'a.spec.ts', tags: ['T05', 'slow'], tests: [{ results: [], ...one }] })),
  );
  return { suites: [{ specs }], errors: errors.map((message) => ({ message })) };
}

const compared = (before: object, after: object) => compare(sideIn(before), sideIn(after));

describe('two reports', () => {
  test('are told apart by what was judged otherwise, red first, and the rest is counted', () => {
    const before = reportOf({
      alike: [passed],
      'red on both': [failed('this')],
      'only before': [passed],
      mended: [failed('Error: 60 | 100\n  more')],
      'now red': [passed],
      'now skipped': [failed('gone')],
      'cut off': [passed],
      never: [skipped('no Chromium')],
    });
    const after = reportOf({
      alike: [passed],
      'red on both': [failed('that')],
      mended: [passed],
      'now red': [failed('\u001b[31mError\u001b[39m: not split')],
      'now skipped': [skipped('no Chromium')],
      'cut off': [notReached],
      never: [notReached],
      'only after': [passed],
    });
    expect(renderComparison(compared(before, after)).split('\n')).toEqual([
      '| test | before | after |',
      '| --- | --- | --- |',
      '| T05 now red | passed | failed: Error: not split |',
      '| T05 mended | failed: Error: 60 \\| 100 | passed |',
      '| T05 cut off | passed | not reached |',
      '| T05 now skipped | failed: gone | skipped: no Chromium |',
      '| T05 only after | not in this report | passed |',
      '| T05 only before | passed | not in this report |',
      '',
      '6 differ: 1 turned red, 1 turned green, 4 were not judged on one side; 2 ended alike, 1 was judged on neither side',
      '',
    ]);
  });

  test('that came to the same leave only the count', () => {
    const report = reportOf({ a: [passed], b: [failed('this')] });
    expect(renderComparison(compared(report, report))).toBe('0 differ; 2 ended alike\n');
  });

  test('differ as a whole where one run broke outside of its tests', () => {
    const { differences, common } = compared(
      reportOf({ a: [passed] }),
      reportOf({}, ['Error: istiod was replaced\n more']),
    );
    expect(common).toBe(0);
    expect(differences.map(({ title, change, after }) => [title, change, after?.note])).toEqual([
      ['the run as a whole', 'turned red', 'Error: istiod was replaced'],
      ['T05 a', 'judged on one side', undefined],
    ]);
  });

  test('hold a test to the worst of its repetitions', () => {
    const worst = (...tests: readonly object[]) =>
      compared(reportOf({ a: [passed] }), reportOf({ a: tests })).differences;
    expect(worst(passed, failed('once'), passed)).toMatchObject([{ change: 'turned red', after: { note: 'once' } }]);
    const disturbed = failed('HarnessError: pods were replaced [MESH_DISTURBED]');
    for (const order of [
      [disturbed, failed('Error: not split')],
      [failed('Error: not split'), disturbed],
    ])
      expect(worst(...order)).toMatchObject([{ change: 'turned red', after: { note: 'Error: not split' } }]);
    expect(worst(passed, disturbed)).toMatchObject([{ change: 'judged on one side' }]);
    expect(worst(passed, notReached)).toMatchObject([{ change: 'judged on one side' }]);
    expect(worst(passed, passed)).toEqual([]);
  });

  test('differ in what was judged where one failure is no verdict on the mesh', () => {
    const busy = failed('Error: the machine was too busy to tell [suspect: the environment]');
    const changes = (before: object, after: object) =>
      compared(reportOf({ a: [before] }), reportOf({ a: [after] })).differences.map(({ change }) => change);
    expect(changes(busy, failed('Error: not split'))).toEqual(['judged on one side']);
    expect(changes(passed, busy)).toEqual(['judged on one side']);
    expect(changes(busy, busy)).toEqual([]);
    const wholes = (...errors: readonly string[]) => compared(reportOf({}), reportOf({}, errors)).differences;
    expect(wholes('HarnessError: no answer [KUBE_SILENT]')).toMatchObject([{ change: 'judged on one side' }]);
    expect(wholes('HarnessError: no answer [KUBE_SILENT]', 'Error: istiod complained')).toMatchObject([
      { change: 'turned red', after: { note: 'Error: istiod complained' } },
    ]);
  });

  test('know a test again that has moved within its file', () => {
    const at = (line: number) => ({
      suites: [{ specs: [{ title: 'a', file: 'a.spec.ts', line, tests: [{ ...passed, results: [] }] }] }],
    });
    expect(compared(at(4), at(40))).toEqual({ differences: [], common: 1, alike: 1, unjudged: 0 });
  });
});
