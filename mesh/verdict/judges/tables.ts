import { z } from 'zod';
import { chancesOfEvery } from '../../judge/chances.ts';
import { total } from '../../judge/outcome.ts';
import { excuseFor, suspectInWords, UNSUSPECTED } from '../../judge/reasons.ts';
import { sightInWords } from '../../judge/sight.ts';
import { cellInWords, type MeasuredCell, seenIn, wrongCells } from '../../judge/truth-table.ts';
import { judge } from '../judge.ts';
import { inForceInWords } from '../on-sample.ts';
import { tally, words } from '../parts.ts';

const cell = z.object({
  from: z.string(),
  to: z.string(),
  claimed: z.string(),
  tally,
  /** How the answers are put into the words of the table. */
  reading: z.union([z.object({ contactAs: z.string() }), z.literal('answers')]),
});

export const toTurnOut = judge({
  input: z.object({
    about: z.string(),
    cells: z.array(cell).readonly(),
    /** For each cell. */
    requests: z.number(),
    leak: z.number(),
    inForce: words,
  }),
  decide: ({ about, cells, requests, inForce }) => {
    const seen = seenIn(cells);
    const wrong = wrongCells(seen);
    const asked = cells.every((one) => total(one.tally) > 0);
    const [first] = wrong;
    const expected = `${cells.length} cells as claimed, ${requests} requests each`;
    const pass = cells.length > 0 && asked && wrong.length === 0;
    if (pass) return { pass, expected, message: `${about}: ${expected}` };
    const message = [
      `${about}: ${first === undefined ? 'no cell was measured' : cellInWords(first)} ${causeOf(cells)}`,
      ...wrong.slice(1).map((one) => `  and ${cellInWords(one)}`),
      `  ${cells.length - wrong.length} of ${cells.length} cells are as claimed, ${requests} requests each`,
      inForceInWords(inForce),
    ].join('\n');
    return { pass, expected, message };
  },
  sure: ({ requests, leak }) => chancesOfEvery(requests, leak),
});

/** Whom to suspect: somebody whom no rule can be blamed for, if nothing else of all that is wrong says otherwise. */
function causeOf(cells: readonly MeasuredCell[]): string {
  const suspects = cells.flatMap((cell) =>
    cell.tally
      .map((one) => ({ ...cell, tally: [one] }))
      .filter((one) => wrongCells(seenIn([one])).length > 0)
      .map(({ to, tally: wrong }) => excuseFor(wrong, to)?.suspect),
  );
  const [first] = suspects;
  return first !== undefined && suspects.every((suspect) => suspect !== undefined)
    ? suspectInWords(first)
    : UNSUSPECTED;
}

export const toSee = judge({
  input: z.object({
    who: z.string(),
    expected: z.string(),
    /** How often the page was to be loaded; after one that is not as expected nobody looks again. */
    looks: z.number(),
    seen: z.array(z.object({ reviews: z.number(), stars: words, apologies: words })).readonly(),
    inForce: words,
  }),
  decide: ({ who, expected, looks, seen, inForce }) => {
    const inTurn = seen.map(sightInWords);
    const last = inTurn.at(-1) ?? 'nothing, since nobody looked';
    const pass = inTurn.length === looks && inTurn.length > 0 && inTurn.every((one) => one === expected);
    if (pass) return { pass, expected, message: `${who}: ${expected}` };
    const message = [
      `${who} saw "${last}" and not "${expected}"`,
      `  at look ${inTurn.length} of ${looks}`,
      inForceInWords(inForce),
    ].join('\n');
    return { pass, expected, message };
  },
});
