import { contactOf } from './contact.ts';
import type { Tally } from './outcome.ts';
import { answersInWords } from './words.ts';

/** For each row and column, what is claimed to be seen. */
export type Claims = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly claimed: string;
}

/** A cell, and what was seen there. */
export interface SeenCell extends Cell {
  readonly seen: string;
}

/** How answers are put into the words of a table: as contacts of somebody with this identity, or as they are. */
export type Reading = { readonly contactAs: string } | 'answers';

/** A cell, and all answers that came there. */
export interface MeasuredCell extends Cell {
  readonly tally: Tally;
  readonly reading: Reading;
}

export function seenIn(cells: readonly MeasuredCell[]): readonly SeenCell[] {
  return cells.map(({ from, to, claimed, tally, reading }) => {
    const seen = reading === 'answers' ? answersInWords(tally) : contactOf(tally, reading.contactAs);
    return { from, to, claimed, seen };
  });
}

/** A truth table that was measured: what it is about, and every cell of it. */
export interface TruthTable {
  readonly about: string;
  readonly cells: readonly SeenCell[];
}

export function cellsOf(claims: Claims): readonly Cell[] {
  return Object.entries(claims).flatMap(([from, row]) =>
    Object.entries(row).map(([to, claimed]) => ({ from, to, claimed })),
  );
}

export function wrongCells(cells: readonly SeenCell[]): readonly SeenCell[] {
  return cells.filter(({ claimed, seen }) => claimed !== seen);
}

export function cellInWords({ from, to, claimed, seen }: SeenCell): string {
  return `${from} to ${to}: ${seen}, and not ${claimed}`;
}
