import { z } from 'zod';
import { upshotOf } from '../../guard/upshot.ts';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';

/** Whether anything came between: to a test, or to the whole run. */
export const guard = judge({
  input: z.object({
    doing: z.string(),
    /** What became of pods. */
    changes: words,
    /** What explains that the mesh complained; nobody looks for it where it did not. */
    troubles: words.exactOptional(),
    /** What istiod said and counted. */
    complaints: words,
    /** Those of them near which nothing happened that explains them: of a whole run, which is long. */
    unexplained: words.exactOptional(),
    /** Rules that somebody should have taken back. */
    left: words,
    /** What is known and no fault: a regular expression each. */
    excuses: z.array(z.object({ pattern: z.string(), flags: z.string(), reason: z.string() })).readonly(),
    /** What the test itself said; '' where it was green. */
    line: z.string(),
  }),
  decide: (heard) => {
    const expected = 'pods that live on as they are, no complaint of istiod, no rule left behind';
    const { wrong } = upshotOf(heard);
    const message = wrong === undefined ? `${heard.doing}: ${expected}` : `${wrong.name}: ${wrong.message}`;
    return { pass: wrong === undefined, expected, message };
  },
});
