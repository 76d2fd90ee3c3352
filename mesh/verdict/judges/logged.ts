import { z } from 'zod';
import { contactOf } from '../../judge/contact.ts';
import { differences } from '../../judge/logged.ts';
import { excuseFor } from '../../judge/reasons.ts';
import { tallyInWords } from '../../judge/words.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { type Asking, askingFields, words } from '../parts.ts';

const line = z.object({
  id: z.string(),
  requestId: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  flags: words,
  details: z.string(),
  route: z.string(),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  cluster: z.string(),
  upstream: z.string(),
});
/** In the order in which an expectation is printed: what is said of every line comes before the flags. */
const fields = { ...line.omit({ id: true, requestId: true, flags: true }).shape, flags: line.shape.flags };
const expectation = z.object(
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.exactOptional()])) as {
    readonly [F in keyof typeof fields]: z.ZodExactOptional<(typeof fields)[F]>;
  },
);
const end = z.object({
  log: z.string(),
  seen: z.array(line).readonly(),
  expected: z.union([z.literal('nothing'), expectation]),
});

/** The one request, where it never came as far as the mesh: any other answer is what is judged, and no cause. */
function unasked(tally: Asking['tally']): Asking['tally'] {
  return excuseFor(tally, '') === undefined ? [] : tally;
}

export const toBeLogged = judge({
  input: z.object({ ...askingFields, status: z.number(), ends: z.array(end).readonly() }),
  decide: ({ status, ends, ...asking }) => {
    const outcome = asking.tally[0]?.outcome;
    const answered = outcome?.kind === 'answered' ? outcome.status : 'no answer';
    const requestIds = new Set(ends.flatMap(({ seen }) => seen).map((one) => one.requestId));
    const wrong = [
      ...(answered === status ? [] : [`the caller got ${answered}, and not ${status}`]),
      ...ends.flatMap(({ log, seen, expected }) => differences(seen, expected).map((what) => `${log} ${what}`)),
      ...(requestIds.size > 1 ? [`the ends call it by different ids: ${[...requestIds].join(', ')}`] : []),
    ];
    return onSample(asking, {
      pass: wrong.length === 0,
      claim: wrong[0] ?? '',
      expected: ends.map(({ log, expected }) => `${log}: ${JSON.stringify(expected)}`).join('; '),
      details: [...wrong.slice(1), ...ends.map(({ log, seen }) => `${log} wrote: ${JSON.stringify(seen)}`)],
      surprising: unasked(asking.tally),
    });
  },
});

export const toBeDeniedBy = judge({
  input: z.object({ ...askingFields, details: z.string(), log: z.string(), logged: words }),
  decide: ({ details, log, logged, ...asking }) => {
    const came = contactOf(asking.tally, '');
    return onSample(asking, {
      pass: came === 'denied' && logged.length === 1 && logged[0] === details,
      claim:
        came === 'denied'
          ? `${log} logged ${logged.length === 0 ? 'nothing' : logged.join(' and ')}, and not ${details}`
          : `it came to ${tallyInWords(asking.tally)}, and was not denied`,
      expected: `denied, and logged with ${details}`,
      surprising: unasked(asking.tally),
    });
  },
});
