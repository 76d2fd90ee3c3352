/** What istiod said or counted: a proxy that refused its configuration, or an error of its own. */
export interface Complaint {
  readonly kind: 'refused' | 'error';
  /** The proxy that refused, as istiod calls it: `prober-7d4f.istio-e2e-w0`; '' where none is named. */
  readonly node: string;
  /** What it refused: `lds`; '' for an error. */
  readonly type: string;
  /** One line for the reader. */
  readonly text: string;
}

const LONGEST = 300;
const parts: Readonly<Record<string, string>> = {
  lds: 'listeners',
  cds: 'clusters',
  rds: 'routes',
  eds: 'endpoints',
  sds: 'secrets',
  ecds: 'extensions',
};
const refusal = /ADS:(\w+): ACK ERROR (\S+?)(?:-\d+)? \w+:(.*)$/;
const error = /\t(?:error|fatal)\t(.*)$|"level":"(?:error|fatal)".*?"msg":"((?:[^"\\]|\\.)*)"/;
const perNode = /^pilot_xds_([a-z]+)_reject\{(.*)\} (\d+)/;
const total = /^pilot_total_xds_rejects\{type="([a-z]+)"\} (\d+)/;

/** What a line of istiod's log complains of; nothing for most of them. */
export function complaintsIn(line: string): readonly Complaint[] {
  const [, short = '', node = '', why = ''] = refusal.exec(line) ?? [];
  if (node !== '') return [refused(short.toLowerCase(), node, why)];
  const [found, plain, json = plain] = error.exec(line) ?? [];
  if (found === undefined) return [];
  const words = (json ?? '').replaceAll('\t', ' ').trim();
  return [{ kind: 'error', node: '', type: '', text: `istiod logged an error: ${words.slice(0, LONGEST)}` }];
}

/** Refusals that istiod has counted so far, by `type node`; the node is '' for what it counts without saying whose it is. */
export function refusalsCounted(metrics: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of metrics.split('\n')) {
    const [, type = '', labels = '', count] = perNode.exec(line) ?? [];
    if (count !== undefined) add(counts, `${type} ${/node="([^"]*)"/.exec(labels)?.[1] ?? ''}`, Number(count));
    const [, other = '', sum] = total.exec(line) ?? [];
    if (sum !== undefined && !(other in { lds: 0, cds: 0, rds: 0, eds: 0 })) add(counts, `${other} `, Number(sum));
  }
  return counts;
}

/** The counters that grew. One that is lower than before began anew with its istiod. */
export function refusalsSince(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly Complaint[] {
  return [...after].flatMap(([key, count]) => {
    const then = before.get(key) ?? 0;
    const [type = '', node = ''] = key.split(' ');
    return count > (count < then ? 0 : then) ? [refused(type, node, '')] : [];
  });
}

/** Counters have no words, so that what the log tells too is told in its words alone. */
export function told(said: readonly Complaint[], counted: readonly Complaint[]): readonly Complaint[] {
  const again = ({ type, node }: Complaint) =>
    said.some((one) => one.type === type && (node === '' || node === one.node));
  return [...said, ...counted.filter((one) => !again(one))];
}

function refused(type: string, node: string, why: string): Complaint {
  const who = node === '' ? 'a proxy' : `the proxy of pod ${node.replace(/\.[^.]*$/, '')}`;
  const words = why.replaceAll(/\s+/g, ' ').trim();
  const text = `${who} refused its ${parts[type] ?? type}${words === '' ? '' : `: ${words.slice(0, LONGEST)}`}`;
  return { kind: 'refused', node, type, text };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
