import { z } from 'zod';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';

export const toDifferBy = judge({
  input: z.object({
    declared: words,
    /** Against before, when it was looked at for the last time. */
    changes: words,
    /** Objects before: an inventory of nothing would be no comparison. */
    compared: z.number(),
  }),
  decide: ({ declared, changes, compared }) => {
    const wanted = declared.toSorted();
    const surprising = changes.filter((change) => !declared.includes(change));
    const missing = wanted.filter((change) => !changes.includes(change));
    const pass = compared > 0 && surprising.length + missing.length === 0;
    const expected = wanted.length === 0 ? 'nothing' : wanted.join('; ');
    if (pass) return { pass, expected, message: `the cluster differs by ${expected}` };
    const first = surprising[0] === undefined ? `it lacks the change ${missing[0] ?? ''}` : `it has ${surprising[0]}`;
    const message = [
      `the cluster is not as it should be after all this: ${first}`,
      ...surprising.map((change) => `  not expected: ${change}`),
      ...missing.map((change) => `  expected, and not there: ${change}`),
      `  expected against before: ${expected}`,
      `  compared: ${compared} objects before, of every kind but events and leases`,
    ].join('\n');
    return { pass, expected, message };
  },
});
