import { type Listed, nameOf } from './listed.ts';

/** The last verdict of every test that was ever run, in words and with its day, by the test's name: what `verdicts.json` holds. */
export type Memory = Readonly<Record<string, string>>;

/** What is known after a run. One that it did not reach keeps the verdict of an earlier run. */
export function remember(earlier: Memory, now: readonly Listed[], day: string): Memory {
  const reached = now.filter(({ verdict }) => verdict !== 'not reached');
  return { ...earlier, ...Object.fromEntries(reached.map((one) => [nameOf(one), `${inWords(one)} (${day})`])) };
}

/** `passed (2026-11-20 01:00); not reached (2026-11-21 01:00)` where the run of this day ended before the test's turn. */
export function lastOf(
  one: Pick<Listed, 'file' | 'title'>,
  memory: Memory,
  now: readonly Listed[],
  day: string,
): string {
  const known = memory[nameOf(one)] ?? 'not run yet';
  const missed = now.some((other) => nameOf(other) === nameOf(one) && other.verdict === 'not reached');
  return missed ? `${known}; not reached (${day})` : known;
}

function inWords({ verdict, note }: Listed): string {
  return verdict === 'skipped' && note !== '' ? `skipped: ${note}` : verdict;
}
