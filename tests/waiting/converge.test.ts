import { expect, test } from 'vitest';
import { converge } from '../../mesh/waiting/converge.ts';
import { fakeClock } from './fake-clock.ts';

const looksAt = (seen: readonly string[]) => {
  let next = 0;
  return () => Promise.resolve(seen[next++] ?? 'nothing left');
};
const isV4 = (version: string) => version === 'v4';

test('one lucky look among wrong ones does not count', async () => {
  const pace = { within: 1000, every: 10, streak: 3, clock: fakeClock() };
  const result = await converge(looksAt(['v3', 'v4', 'v3', 'v4', 'v4', 'v4']), isV4, pace);
  expect(result).toEqual({ held: true, last: 'v4', looks: 6, millis: 30 });
});

test('the time is that of the first look of the streak', async () => {
  const result = await converge(looksAt(['v3', 'v4', 'v4']), isV4, {
    within: 1000,
    every: 10,
    streak: 2,
    clock: fakeClock(),
  });
  expect(result.millis).toBe(10);
});

test('what was seen last is kept when the time is over', async () => {
  const result = await converge(() => Promise.resolve('v3'), isV4, { within: 100, every: 50, clock: fakeClock() });
  expect(result).toEqual({ held: false, last: 'v3', looks: 3, millis: 100 });
});

test('it looks at least once, even without time', async () => {
  const result = await converge(() => Promise.resolve('v4'), isV4, { within: 0, every: 50, clock: fakeClock() });
  expect(result).toMatchObject({ held: true, looks: 1 });
});

test('no look is taken before there can be anything to see', async () => {
  const result = await converge(() => Promise.resolve('v4'), isV4, { within: 1000, after: 100, clock: fakeClock() });
  expect(result).toMatchObject({ looks: 1, millis: 100 });
});

test('an error of the look is not swallowed', async () => {
  const broken = () => Promise.reject(new Error('no such pod'));
  await expect(converge(broken, isV4, { within: 1000, clock: fakeClock() })).rejects.toThrow('no such pod');
});
