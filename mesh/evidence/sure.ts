import { anyFalseAlarm, atMostPerMillion, type Chances, perMillion } from '../judge/chances.ts';
import type { VerdictRecord } from './record.ts';

/** How sure the verdicts of a run are: each assertion that rests on a draw, and all of them together. */
export interface Sureness {
  readonly rows: readonly (readonly string[])[];
  readonly words: string;
}

export function sureness(records: readonly VerdictRecord[]): Sureness {
  const drawn = records.flatMap(({ scenarios, judge, chances, input }) =>
    chances === undefined
      ? []
      : [{ of: `${scenarios.join(' ')} ${judge}`.trim(), chances, requests: requestsIn(input) }],
  );
  const alike = Map.groupBy(drawn, (one) => JSON.stringify(one));
  const rows = [...alike.values()].flatMap((some) =>
    some
      .slice(0, 1)
      .map(({ of, chances, requests }) => [
        of,
        `${some.length}`,
        `${requests}`,
        chances.falseAlarm === 0 ? '0' : perMillion(chances.falseAlarm),
        missesInWords(chances),
      ]),
  );
  return {
    rows: rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    words: inWords(
      records.length,
      drawn.map(({ chances }) => chances),
    ),
  };
}

function missesInWords({ misses }: Chances): string {
  return misses.map(({ off, chance }) => `${off}: ${perMillion(chance)}`).join('; ');
}

function inWords(verdicts: number, drawn: readonly Chances[]): string {
  const risky = drawn.filter(({ falseAlarm }) => falseAlarm > 0);
  const chance = anyFalseAlarm(risky);
  if (risky.length === 0)
    return `No right mesh turns this run red by chance: none of ${verdicts} verdicts rests on a draw that can.`;
  return `The chance that a right mesh turns this run red is at most ${atMostPerMillion(chance)}: ${risky.length} of ${verdicts} verdicts rest on a draw that can.`;
}

function requestsIn(input: unknown): number {
  const { asked, requests } = input as { readonly asked?: number; readonly requests?: number };
  return asked ?? requests ?? 0;
}
