/** Lines of a proxy's log that say the same, as far as a verdict asks. */
export interface Lines {
  readonly status: number;
  readonly flags: readonly string[];
  readonly count: number;
}

export interface Written {
  readonly status: number;
  /** Undefined for a request that nothing happened to. */
  readonly flag?: string;
  readonly times: number;
}

export function countLines(lines: readonly Omit<Lines, 'count'>[]): readonly Lines[] {
  const groups = Map.groupBy(lines, ({ status, flags }) => [status, ...flags].join(' '));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ status: first.status, flags: first.flags, count: others.length + 1 }],
  );
}

/** There are exactly these lines. */
export function isWritten(lines: readonly Lines[], wanted: readonly Written[]): boolean {
  const fits = ({ status, flags }: Lines, one: Written) =>
    status === one.status && (one.flag === undefined ? flags.length === 0 : flags.includes(one.flag));
  const sum = (some: readonly Lines[]) => some.reduce((all, { count }) => all + count, 0);
  const found = (one: Written) => sum(lines.filter((line) => fits(line, one)));
  const all = wanted.reduce((some, { times }) => some + times, 0);
  return sum(lines) === all && wanted.every((one) => found(one) === one.times);
}

/** `8 x 503 UO, 2 x 200` */
export function linesInWords(lines: readonly Lines[]): string {
  if (lines.length === 0) return 'no line';
  return lines
    .toSorted((a, b) => b.count - a.count)
    .map(({ status, flags, count }) => `${count} x ${[status, ...flags].join(' ')}`)
    .join(', ');
}
