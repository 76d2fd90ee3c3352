export type Labels = Readonly<Record<string, string>>;

/** One series of a metric, and its value. */
export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

/** `name{label="value",...} 12`, with quotes, backslashes and line ends in values escaped; what follows the value is its time. */
const line = /^(?<name>[\w:]+)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: \d+)?$/;
const pair = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The series of one metric in a page of the text format that Prometheus scrapes. */
export function seriesIn(page: string, isWanted: (name: string) => boolean): readonly Series[] {
  return page.split('\n').flatMap((text) => {
    const { name = '', labels = '', value = '' } = line.exec(text)?.groups ?? {};
    return isWanted(name) ? [{ labels: labelsIn(labels), value: Number(value) }] : [];
  });
}

function labelsIn(text: string): Labels {
  return Object.fromEntries([...text.matchAll(pair)].map(([, name = '', value = '']) => [name, unescaped(value)]));
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** By how much each series has grown between two looks. One that was not there before began at zero. */
export function growth(before: readonly Series[], after: readonly Series[]): readonly Series[] {
  const known = new Map(before.map(({ labels, value }) => [keyOf(labels), value]));
  return after
    .map(({ labels, value }) => ({ labels, value: value - (known.get(keyOf(labels)) ?? 0) }))
    .filter(({ value }) => value !== 0);
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b)));
}

/** `{reporter="source", response_code="200"}` */
export function labelsInWords(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
}
