import { chart } from './chart.ts';
import { type Followed, follow, trendInWords } from './figures.ts';
import type { RunEntry } from './run-entry.ts';
import { RULE } from './trend.ts';

const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #222; }
.runs span { display: inline-block; min-width: 1.6em; margin: 1px; padding: 1px 2px; text-align: center; color: #fff; font-size: 11px; }
.green { background: #2a7d3f; } .red { background: #b3261e; } .environment { background: #8a6d00; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem 2rem; }
.figures h3 { font-size: 1rem; margin: 0; } .figures p { margin: 0; font-size: 12px; color: #555; } .figures p.growing { color: #b3261e; }
svg { width: 100%; } svg polyline { fill: none; stroke: #2456a6; } svg circle { fill: #2456a6; } svg line { stroke: #999; }
table { border-collapse: collapse; font-size: 13px; } td, th { border-bottom: 1px solid #ddd; padding: 2px 8px; text-align: left; vertical-align: top; }
td.number { text-align: right; }`;

/** The ledger as a page of its own, without anything from elsewhere. */
export function renderSoak(entries: readonly RunEntry[]): string {
  const subject = entries[0]?.subject;
  const title = `${entries.length} runs of ${subject?.chosen ?? 'nothing'}`;
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style>`,
    `<h1>${escaped(title)}</h1>`,
    `<p>${escaped(`commit ${subject?.commit ?? '-'}, Istio ${subject?.istio ?? '-'}: ${verdictsInWords(entries)}`)}</p>`,
    `<p class="runs">${entries.map(square).join('')}</p>`,
    '<h2>What was not green</h2>',
    ...reds(entries),
    '<h2>Figures</h2>',
    `<p>${escaped(RULE)}</p>`,
    `<div class="figures">${follow(entries).map(figure).join('')}</div>`,
    '<h2>All runs</h2>',
    ...table(entries),
    '</html>\n',
  ].join('\n');
}

/** `19 green, 1 red, 0 environment` */
export function verdictsInWords(entries: readonly RunEntry[]): string {
  const count = (verdict: RunEntry['verdict']) => entries.filter((entry) => entry.verdict === verdict).length;
  return (['green', 'red', 'environment'] as const).map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
}

function square({ run, verdict, workers, order, failed }: RunEntry): string {
  const words = `run ${run}: ${verdict}, ${failed} failed, ${workers} workers, order ${order}`;
  return `<span class="${verdict}" title="${escaped(words)}">${run}</span>`;
}

function reds(entries: readonly RunEntry[]): readonly string[] {
  const found = entries.flatMap((entry) => entry.red.map((red) => ({ ...red, entry })));
  if (found.length === 0) return ['<p>nothing</p>'];
  const byTest = [...Map.groupBy(found, ({ test }) => test)].toSorted(([, a], [, b]) => b.length - a.length);
  const rows = byTest.flatMap(([test, all]) =>
    all.map(({ line, entry: { run, verdict, order, workers } }, index) => [
      index === 0 ? `${test} (${all.length} of ${entries.length} runs)` : '',
      `${run} (${verdict})`,
      `--shuffle ${order} --workers ${workers}`,
      line,
    ]),
  );
  return tableOf(['test', 'run', 'order', 'first line'], rows);
}

function figure(followed: Followed): string {
  const { figure: of, points, trend } = followed;
  const verdict = `<p class="${trend?.verdict ?? ''}">${escaped(trendInWords(followed))}</p>`;
  return `<section><h3>${escaped(of.name)}</h3>${chart(points, of.unit)}${verdict}</section>`;
}

function table(entries: readonly RunEntry[]): readonly string[] {
  const columns = [
    'run',
    'began',
    'verdict',
    'passed',
    'failed',
    'skipped',
    'not reached',
    'workers',
    'order',
    's',
    'requests',
    'left',
  ];
  const rows = entries.map(
    ({ run, began, verdict, passed, failed, skipped, notReached, workers, order, seconds, requests, left }) =>
      [
        run,
        began.slice(0, 16).replace('T', ' '),
        verdict,
        passed,
        failed,
        skipped,
        notReached,
        workers,
        order,
        Math.round(seconds),
        requests,
        left.join(', '),
      ].map(String),
  );
  return tableOf(columns, rows);
}

function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const cell = (text: string) => `<td${/^\d+$/.test(text) ? ' class="number"' : ''}>${escaped(text)}</td>`;
  return [
    `<table><tr>${columns.map((name) => `<th>${name}</th>`).join('')}</tr>`,
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</table>',
  ];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
