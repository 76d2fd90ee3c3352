import { expect, test } from 'vitest';
import { complained, disturbed, type Heard, upshotOf } from '../../mesh/guard/upshot.ts';
import { take } from '../../mesh/verdict/take.ts';

const nothing: Heard = { doing: 'During this test', changes: [], complaints: [], left: [], excuses: [], line: '' };
const [refusal, rule, replaced, stood] = ['a refusal', 'VirtualService left', 'istiod was replaced', 'the node stood'];
const excuse = (pattern: string) => [{ pattern, flags: '', reason: 'it is known' }];
const unsettled = (...changes: readonly string[]) => disturbed('During this test', changes);

test.each<[string, Partial<Heard>, Error | undefined]>([
  ['nothing', {}, undefined],
  ['a complaint', { complaints: [refusal] }, complained([refusal], [])],
  ['a rule that was left', { left: [rule] }, complained([], [rule])],
  ['a change, which explains the complaint', { changes: [replaced], complaints: [refusal] }, unsettled(replaced)],
  ['a change, and what lies around it', { changes: [replaced], troubles: [stood] }, unsettled(replaced, stood)],
  ['a trouble alone, which nobody suffered from', { troubles: [stood] }, undefined],
  [
    'a complaint while the ground shook',
    { complaints: [refusal], troubles: [stood] },
    disturbed('During this test', [stood], refusal),
  ],
  [
    'a rule left while the ground shook',
    { left: [rule], troubles: [stood] },
    disturbed('During this test', [stood], `left behind: ${rule}`),
  ],
  [
    'a complaint that nothing explains, whatever else happened',
    { changes: [replaced], troubles: [stood], complaints: [refusal, 'an error'], unexplained: ['an error'] },
    complained(['an error', refusal], []),
  ],
  [
    'a complaint that nothing explains, and that is excused',
    { changes: [replaced], complaints: [refusal], unexplained: [refusal], excuses: excuse('refusal') },
    unsettled(replaced),
  ],
  ['a trouble that is excused', { left: [rule], troubles: [stood], excuses: excuse('node') }, complained([], [rule])],
])('of a test is wrong, after %s', (_, heard, wrong) => {
  expect(upshotOf({ ...nothing, ...heard }).wrong).toEqual(wrong);
});

test('a verdict is taken of what nothing explains, too', () => {
  // The judge reads what it knows and drops the rest: without the field the change would explain all.
  const heard = { ...nothing, changes: [replaced], complaints: ['an error'], unexplained: ['an error'] };
  const { verdict } = take('guard', heard);
  expect(verdict).toMatchObject({ pass: false, message: expect.stringMatching(/^MeshComplained: an error/) as string });
});

test('what is excused is told by its reason, and is no fault', () => {
  const heard = { ...nothing, changes: [replaced], complaints: [refusal, refusal], excuses: excuse('refusal|istiod') };
  const known = 'it is known';
  expect(upshotOf(heard)).toEqual({ wrong: undefined, excused: [known, known, known] });
});

test('a test that is red says itself what it saw', () => {
  const { wrong } = upshotOf({ ...nothing, changes: [replaced], line: 'not split v1 50 %' });
  expect(wrong?.message).toContain('the test itself says: not split v1 50 %');
});
