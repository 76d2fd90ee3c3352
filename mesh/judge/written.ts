import type { LoggedRequest } from '../proxy/access-log.ts';

type Line = Pick<LoggedRequest, 'status' | 'flags'>;

export interface Written {
  readonly status: number;
  /** Undefined for a request that nothing happened to. */
  readonly flag?: string;
  readonly times: number;
}

/** There are exactly these lines. */
export function isWritten(lines: readonly Line[], wanted: readonly Written[]): boolean {
  const fits = ({ status, flags }: Line, one: Written) =>
    status === one.status && (one.flag === undefined ? flags.length === 0 : flags.includes(one.flag));
  const found = (one: Written) => lines.filter((line) => fits(line, one)).length;
  const sum = wanted.reduce((all, { times }) => all + times, 0);
  return lines.length === sum && wanted.every((one) => found(one) === one.times);
}

/** `8 x 503 UO, 2 x 200` */
export function linesInWords(lines: readonly Line[]): string {
  if (lines.length === 0) return 'no line';
  const groups = Map.groupBy(lines, ({ status, flags }) => [status, ...flags].join(' '));
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([words, { length }]) => `${length} x ${words}`)
    .join(', ');
}
