import type { Census, Inhabitant, Life } from './census.ts';

/** Something that became of a pod between two looks. */
export interface Change {
  readonly namespace: string;
  /** `pod istiod-7c4d of istiod was replaced by istiod-9f2b` */
  readonly text: string;
  /** When what came began, as the cluster says it; '' where nothing came. */
  readonly at: string;
  /** Nobody of its deployment is left: that lasts. */
  readonly vacant?: boolean;
  /** It is gone, and others of its deployment are left. */
  readonly fewer?: boolean;
  /** The container that ended, or began anew, where that is what became of it. */
  readonly restarted?: { readonly pod: string; readonly container: string };
}

/**
 * What became of the pods of a namespace: replaced, gone, or with a container that ended or began anew. One that only came is no disturbance: apps are
 * brought into a slot when a test first asks for them.
 */
export function changesBetween(before: Census, after: Census): readonly Change[] {
  const gone = before.filter(({ uid }) => !after.some((now) => now.uid === uid));
  const come = after.filter(({ uid }) => !before.some((then) => then.uid === uid));
  const heirs = new Map<Inhabitant, Inhabitant>();
  for (const one of gone) {
    const heir = come.find((other) => other.kin === one.kin && ![...heirs.values()].includes(other));
    if (heir !== undefined) heirs.set(one, heir);
  }
  return [
    ...gone.map((one) => departed(one, heirs.get(one), after)),
    ...after.flatMap((now) => restarted(before, now)),
  ];
}

function departed({ namespace, kin, name }: Inhabitant, heir: Inhabitant | undefined, after: Census): Change {
  if (heir !== undefined)
    return { namespace, text: `pod ${name} of ${kin} was replaced by ${heir.name}`, at: heir.createdAt };
  const text = `pod ${name} of ${kin} is gone, and nothing came in its place`;
  const isVacant = !after.some((one) => one.namespace === namespace && one.kin === kin);
  return { namespace, text, at: '', ...(isVacant ? { vacant: true } : { fewer: true }) };
}

function restarted(before: Census, { uid, name, namespace, lives }: Inhabitant): readonly Change[] {
  const then = before.find((one) => one.uid === uid);
  return lives.flatMap((life) => {
    const earlier = then?.lives.find((one) => one.name === life.name);
    if (earlier === undefined) return [];
    const became = { namespace, at: life.startedAt, restarted: { pod: name, container: life.name } };
    if (earlier.restarts < life.restarts)
      return [{ ...became, text: `${life.name} of pod ${name} restarted${howOften(earlier, life)}` }];
    // One that ends for the second time in ten minutes is let wait; nothing counts it until it begins anew.
    const ended = earlier.startedAt !== '' && life.waits && life.lastEnd !== '';
    return ended ? [{ ...became, text: `${life.name} of pod ${name} ended (${life.lastEnd}), and does not run` }] : [];
  });
}

function howOften({ restarts: earlier }: Life, { restarts, lastEnd }: Life): string {
  const times = restarts - earlier;
  return `${times === 1 ? '' : ` ${times} times`}${lastEnd === '' ? '' : ` (${lastEnd})`}`;
}
