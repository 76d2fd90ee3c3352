import { expect, test } from 'vitest';
import { faults } from '../../mesh/faults/all.ts';
import { type Ending, outcomeOf, renderFaults } from '../../mesh/faults/outcome.ts';

const [fault] = faults;
if (fault === undefined) throw new Error('There are no faults.');
const said = 'HarnessError: During this test: istiod restarted (exit 137) [MESH_DISTURBED]';
const ending = (change: Partial<Ending>): Ending => ({
  exitCode: 3,
  passed: 1,
  failed: 1,
  requests: 700,
  lines: [said],
  struck: true,
  ...change,
});

test.each<[string, Partial<Ending>]>([
  ['environment', {}],
  ['measured', { exitCode: 0, failed: 0, lines: [] }],
  ['regression', { exitCode: 1 }],
  ['unsaid', { lines: ['HarnessError: something else'] }],
  ['empty', { exitCode: 0, failed: 0, requests: 0, lines: [] }],
  ['empty', { exitCode: 0, passed: 0, failed: 0, lines: [] }],
  ['missed', { struck: false }],
])('%s: %j', (verdict, change) => {
  expect(outcomeOf(fault, ending(change)).verdict).toBe(verdict);
});

test('the table counts, and shows what is wrong before what is right', () => {
  const wrong = ending({ exitCode: 1, lines: ['kubia is not split [suspect: the mesh]'] });
  const table = renderFaults([ending({}), ending({}), wrong].map((one) => outcomeOf(fault, one)));
  expect(table.split('\n').slice(2)).toEqual([
    `| ${fault.id} | ${fault.says} | 3 | 2 environment, 1 regression | kubia is not split [suspect: the mesh] |`,
    '',
    '2 of 3 faults told right',
    '',
  ]);
});

test('every fault has a name of its own', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
});
