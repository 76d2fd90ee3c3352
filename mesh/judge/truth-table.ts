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
