import { HarnessError } from '../errors.ts';
import { sift } from './known.ts';

/** The mesh complained, or something was left in it, although every answer was as claimed. */
export class MeshComplained extends Error {
  override readonly name = 'MeshComplained';
}

/** Pods went away or began anew meanwhile: whatever came of it says nothing about rules. */
export function disturbed(doing: string, changes: readonly string[], verdict = ''): HarnessError {
  return new HarnessError({
    code: 'MESH_DISTURBED',
    blame: 'environment',
    doing,
    expected: 'the pods of Istio and of the slot to live on as they are',
    seen: changes.join('; '),
    next: `run it again when nobody touches the cluster${verdict === '' ? '' : `; the test itself says: ${verdict}`}`,
  });
}

/** One line for what is most telling, the others below it. */
export function complained(complaints: readonly string[], left: readonly string[]): MeshComplained {
  const remains = left.length === 0 ? [] : [`left behind: ${left.join(', ')}`];
  return new MeshComplained([...complaints, ...remains].join('\n  '));
}

/** What was heard and seen between, and what of it is excused. */
export interface Heard {
  readonly doing: string;
  readonly changes: readonly string[];
  /** What explains that the mesh complained; undefined where nobody looked for it. */
  readonly troubles?: readonly string[];
  readonly complaints: readonly string[];
  /** Those of the complaints near which nothing happened that explains them. */
  readonly unexplained?: readonly string[];
  readonly left: readonly string[];
  readonly excuses: readonly { readonly pattern: string; readonly flags: string; readonly reason: string }[];
  readonly line: string;
}

export interface Upshot {
  readonly wrong: Error | undefined;
  readonly excused: readonly string[];
}

/**
 * What is wrong, if anything is, and the reasons of what was excused. Pods that went away explain all the rest; what is heard or left while the
 * ground shakes is no fault of the rules. What is known to be unexplained is told whatever else happened.
 */
export function upshotOf({
  doing,
  changes,
  troubles = [],
  complaints,
  unexplained = [],
  left,
  excuses,
  line,
}: Heard): Upshot {
  const known = excuses.map(({ pattern, flags, reason }) => ({ text: new RegExp(pattern, flags), reason }));
  const [upheaval, refused] = [sift(changes, known), sift(complaints, known)];
  const excused = [...upheaval.excused, ...refused.excused];
  const shaken = sift(troubles, known).fresh;
  const alone = sift(unexplained, known).fresh;
  if (alone.length > 0) {
    const others = refused.fresh.filter((text) => !alone.includes(text));
    return { wrong: complained([...alone, ...others], left), excused };
  }
  if (upheaval.fresh.length > 0) return { wrong: disturbed(doing, [...upheaval.fresh, ...shaken], line), excused };
  if (refused.fresh.length + left.length === 0) return { wrong: undefined, excused };
  const wrong = complained(refused.fresh, left);
  return { wrong: shaken.length === 0 ? wrong : disturbed(doing, shaken, wrong.message), excused };
}
