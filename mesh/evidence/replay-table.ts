import type { Replayed } from './replay.ts';

/** A row for each assertion of each scenario, all that does not agree by name, and the count, as Markdown. */
export function renderReplay(all: readonly Replayed[]): string {
  const groups = Map.groupBy(ofVerdicts(all), ({ record }) =>
    record === undefined ? '- -' : `${record.scenarios.join(' ') || '-'} ${record.judge}`,
  );
  const rows = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([key, some]) => {
      const scenario = key.slice(0, key.lastIndexOf(' '));
      const judge = key.slice(key.lastIndexOf(' ') + 1);
      const green = some.filter(({ record }) => record?.verdict.pass === true).length;
      const red = some.filter(({ record }) => record?.verdict.pass === false).length;
      return `| ${[scenario, judge, some.length, green, red, agreeing(some)].join(' | ')} |`;
    });
  const wrong = all.filter(({ fate }) => fate !== 'agrees');
  return [
    '| scenario | assertion | verdicts | green | red | agree |',
    '|---|---|--:|--:|--:|--:|',
    ...rows,
    '',
    ...wrong.map(({ file, fate, why }) => `${fate}: ${file}: ${why}`),
    ...(wrong.length === 0 ? [] : ['']),
    count(all),
    '',
  ].join('\n');
}

/** `148 of 150 verdicts agree (143 green, 7 red), 1 changed, 1 missing` */
export function count(all: readonly Replayed[]): string {
  const of = (pass: boolean) => all.filter(({ record }) => record?.verdict.pass === pass).length;
  const others = Map.groupBy(
    all.filter(({ fate }) => fate !== 'agrees'),
    ({ fate }) => fate,
  );
  const agree = `${agreeing(all)} of ${ofVerdicts(all).length} verdicts agree (${of(true)} green, ${of(false)} red)`;
  return [agree, ...[...others].map(([fate, some]) => `${some.length} ${fate}`)].join(', ');
}

function ofVerdicts(all: readonly Replayed[]): readonly Replayed[] {
  return all.filter(({ fate }) => fate !== 'incomplete');
}

function agreeing(some: readonly Replayed[]): number {
  return some.filter(({ fate }) => fate === 'agrees').length;
}
