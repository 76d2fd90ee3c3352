import { dig, messages, text } from '../proxy/dump.ts';
import type { RuleFile } from '../rules/files.ts';
import { place } from '../rules/place.ts';
import type { Rule } from '../rules/rule.ts';
import { gatewayLabel, slotsIn } from '../world/names.ts';
import { analyze, type Finding } from './analyze.ts';
import type { Target } from './proof.ts';

/** What istioctl says of one file of rules. */
export interface Analyzed {
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** Programs at work at a time: each waits for the API server half of its quarter of a second. */
const AT_ONCE = 4;

/**
 * Analyzes every file as if it were applied to the slot. Files of one suite replace each other, and those of several contradict, so
 * they are looked at in groups in which none meets another.
 */
export async function analyzeFiles(
  target: Target,
  slot: string,
  files: readonly RuleFile[],
): Promise<readonly Analyzed[]> {
  const waiting = [...groups(files)];
  const analyzed: Analyzed[] = [];
  const work = async () => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const lists = group.map(({ leansOn, rules }) => [...leansOn, ...rules].map((rule) => placed(rule, slot)));
      const findings = await analyze(target, slot, lists);
      const own = (index: number) => (findings[index] ?? []).filter((finding) => isOwn(finding, slot));
      analyzed.push(...group.map(({ name }, index) => ({ file: name, findings: own(index) })));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return analyzed.toSorted((a, b) => a.file.localeCompare(b.file));
}

/**
 * istioctl sees whatever is in force at that moment, and matches short names over all namespaces: it says of a file what it has against the
 * rules of a test that runs beside it (IST0140: `Subset in virtual service istio-e2e-w1/nodebook has no effect ...`).
 */
export function isOwn({ origin, message }: Finding, slot: string): boolean {
  // Of a rule of somebody else's, too, which may be in any namespace.
  const [, other = slot] = /\bin virtual service (\S+?)\//i.exec(message) ?? [];
  return other === slot && slotsIn(`${origin} ${message}`).every((named) => named === slot);
}

/** As few groups as come of putting each file into the first one where it meets nothing of its own. */
export function groups(files: readonly RuleFile[]): readonly (readonly RuleFile[])[] {
  const made: { readonly taken: Set<string>; readonly files: RuleFile[] }[] = [];
  for (const file of files) {
    const claims = [...file.leansOn, ...file.rules].flatMap(claimsOf);
    let group = made.find(({ taken }) => !claims.some((claim) => taken.has(claim)));
    if (group === undefined) made.push((group = { taken: new Set(), files: [] }));
    group.files.push(file);
    for (const claim of claims) group.taken.add(claim);
  }
  return made.map((group) => group.files);
}

/** What only one file of a group may be about. Of kinds that are not known here, there may be one. */
function claimsOf(rule: Rule): readonly string[] {
  const spec = rule['spec'];
  const name = `${rule.kind} ${rule.metadata.name}`;
  switch (rule.kind) {
    case 'VirtualService':
      return [name, ...list(dig(spec, 'hosts')).map((host) => `routes to ${host}`)];
    case 'DestinationRule':
      return [name, `subsets of ${text(dig(spec, 'host'))}`];
    case 'ServiceEntry':
      return [name, ...list(dig(spec, 'hosts')).map((host) => `entry ${host}`)];
    case 'Gateway':
      return [name, ...messages(dig(spec, 'servers')).map((server) => `door ${String(dig(server, 'port', 'number'))}`)];
    default:
      return [rule.kind];
  }
}

/** All of it in the slot, whatever namespace it is written for: istioctl looks at that one only. */
function placed(rule: Rule, slot: string): Rule {
  const gateway = { labels: { istio: gatewayLabel(slot) }, shared: false };
  const written = ['foo', 'bar', 'legacy', rule.metadata.namespace ?? 'default'];
  const districts = new Map(written.map((namespace) => [namespace, slot]));
  return place(rule, { namespace: slot, labels: {}, gateway, districts, mark: 'analyzed' });
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
