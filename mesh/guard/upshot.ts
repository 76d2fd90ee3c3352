import { HarnessError } from '../errors.ts';

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
