import { isNoVerdict, type Listed, nameOf } from './listed.ts';

/** The last verdict of every test that was ever run, in words and with its day, by the test's name: what `verdicts.json` holds. */
export type Memory = Readonly<Record<string, string>>;

/** What is known after a run. One that it did not reach, or could not judge, keeps the verdict of an earlier run. */
export function remember(earlier: Memory, now: readonly Listed[], day: string): Memory {
  const judged = now.filter((one) => withoutVerdict(one) === undefined);
  return { ...earlier, ...Object.fromEntries(judged.map((one) => [nameOf(one), `${inWords(one)} (${day})`])) };
}

/** `passed (2026-11-20 01:00); not reached (2026-11-21 01:00)` where the run of this day ended before the test's turn, `not judged` where its failure was no verdict. */
export function lastOf(
  one: Pick<Listed, 'file' | 'title'>,
  memory: Memory,
  now: readonly Listed[],
  day: string,
): string {
  const known = memory[nameOf(one)] ?? 'not run yet';
  const seen = now.find((other) => nameOf(other) === nameOf(one));
  const why = seen === undefined ? undefined : withoutVerdict(seen);
  return why === undefined ? known : `${known}; ${why} (${day})`;
}

function withoutVerdict(one: Listed): string | undefined {
  if (one.verdict === 'not reached') return one.verdict;
  return isNoVerdict(one) ? 'not judged' : undefined;
}

function inWords({ verdict, note }: Listed): string {
  return verdict === 'skipped' && note !== '' ? `skipped: ${note}` : verdict;
}
