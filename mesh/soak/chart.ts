import type { Point } from './trend.ts';

const [WIDTH, HEIGHT, MARGIN] = [420, 120, 8];

/** A line chart in SVG: a figure over the runs, from zero on, with its least and largest value in words. */
export function chart(points: readonly Point[], unit: string): string {
  if (points.length === 0) return '<p>not measured</p>';
  const values = points.map(({ value }) => value);
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [Math.min(...points.map(({ run }) => run)), Math.max(...points.map(({ run }) => run))];
  const x = (run: number) => MARGIN + ((run - first) / Math.max(1, last - first)) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - (value / Math.max(largest, Number.EPSILON)) * (HEIGHT - 2 * MARGIN);
  const dots = points.map(
    ({ run, value }) =>
      `<circle cx="${x(run).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.5"><title>run ${run}: ${inWords(value, unit)}</title></circle>`,
  );
  // A line for each cluster: between two of them nothing was measured.
  const lines = [...Map.groupBy(points, ({ cluster }) => cluster).values()].map(
    (series) =>
      `<polyline points="${series.map(({ run, value }) => `${x(run).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`,
  );
  const label = `runs ${first} to ${last}, ${inWords(least, unit)} to ${inWords(largest, unit)}`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">`,
    `<line x1="${MARGIN}" y1="${HEIGHT - MARGIN}" x2="${WIDTH - MARGIN}" y2="${HEIGHT - MARGIN}"/>`,
    ...lines,
    ...dots,
    `</svg><p>${label}</p>`,
  ].join('');
}

function inWords(value: number, unit: string): string {
  const figure = Number.isInteger(value) ? `${value}` : value.toFixed(1);
  return unit === '' ? figure : `${figure} ${unit}`;
}
