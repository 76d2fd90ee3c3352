import { type TruthTable, wrongCells } from './truth-table.ts';

/** By what it is: let in with a certificate or a token, let in without, kept out, and whatever nobody thought of. */
const colours: readonly (readonly [RegExp, string])[] = [
  [/^(mutual TLS|200)$/, '#2e7d32'],
  [/^plain text$/, '#f9a825'],
  [/^(reset|denied|40[13] .*)$/, '#37474f'],
  [/.*/, '#ad1457'],
];
const [ROW, LINE, MARGIN, CHARACTER] = [26, 24, 8, 6.6] as const;
const LONGEST = 44;

/** Truth tables as one picture: a row for who asks, a column for who is asked, a red frame where it is not as claimed. */
export function heatMap(tables: readonly TruthTable[]): string {
  let y: number = LINE;
  let width = 420;
  const parts = tables.map((table) => {
    const drawn = drawnAt(y, table);
    y += drawn.height;
    width = Math.max(width, drawn.width);
    return drawn.svg;
  });
  const size = `width="${width}" height="${y + LINE}"`;
  const body = [...parts, words(MARGIN, y, countInWords(tables))].join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">${body}</svg>\n`;
}

/** `18 cells, 18 as claimed` */
export function countInWords(tables: readonly TruthTable[]): string {
  const cells = tables.flatMap((table) => table.cells);
  return `${cells.length} cells, ${cells.length - wrongCells(cells).length} as claimed`;
}

function drawnAt(y: number, { about, cells }: TruthTable): { svg: string; width: number; height: number } {
  const columns = [...new Set(cells.map(({ to }) => to))];
  const rows = [...new Set(cells.map(({ from }) => from))];
  const left = MARGIN + wide(rows);
  const cellWidth = wide([...columns, ...cells.map(({ seen }) => seen.slice(0, LONGEST))]);
  const x = (to: string) => left + columns.indexOf(to) * cellWidth;
  const top = (from: string) => y + LINE + 4 + rows.indexOf(from) * ROW;
  const boxes = cells.map(({ from, to, claimed, seen }) => {
    const frame = claimed === seen ? '' : ' stroke="#d50000" stroke-width="3"';
    const fill = colours.find(([fits]) => fits.test(seen))?.[1] ?? '';
    const size = `width="${cellWidth - 4}" height="${ROW - 4}" rx="3"`;
    const box = `<rect x="${x(to)}" y="${top(from)}" ${size} fill="${fill}"${frame}/>`;
    return `${box}${words(x(to) + 6, top(from) + 15, seen.slice(0, LONGEST), 'fill="white"')}`;
  });
  const svg = [
    words(MARGIN, y, about, 'font-weight="bold"'),
    ...columns.map((to) => words(x(to) + 4, y + LINE, to)),
    ...rows.map((from) => words(MARGIN, top(from) + 15, from)),
    ...boxes,
  ].join('');
  return { svg, width: left + columns.length * cellWidth + MARGIN, height: LINE * 2 + (rows.length + 1) * ROW };
}

function wide(texts: readonly string[]): number {
  return Math.ceil(Math.max(...texts.map((text) => text.length), 0) * CHARACTER) + 16;
}

function words(x: number, y: number, text: string, more = ''): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${more}>${safe}</text>`;
}
