import { z } from 'zod';
import { barrierInWords, isBarrier } from '../../judge/barrier.ts';
import { chancesOfEvery } from '../../judge/chances.ts';
import { flawOfLogged, flawOfUnlogged, flawOfWay } from '../../judge/departures.ts';
import { type Outcome, served } from '../../judge/outcome.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { judgeVisits, visitsInWords } from '../../judge/visits.ts';
import { connectionsInWords } from '../../proxy/connection-log.ts';
import { judge } from '../judge.ts';
import { type Finding, onSample } from '../on-sample.ts';
import { type Asking, askingFields, connections, except, strayed, visited } from '../parts.ts';

/** A sample that goes out, and the book of the server that it goes to. */
const out = { ...askingFields, host: z.string(), site: z.string(), seen: visited, leak: z.number() };
type Out = Asking & { readonly site: string; readonly seen: z.infer<typeof visited> };

const outsider = (outcome: Outcome) => served(outcome, 'outside');

/** Everybody was answered by the server, and nothing else speaks against it. */
function onWayOut(asking: Out, flaw: string, rest: Pick<Finding, 'expected' | 'details'>) {
  const { pass, others } = judgeOnly(asking.tally, outsider, asking.asked);
  const claim = pass
    ? flaw
    : `${others} of ${asking.asked} requests were not answered by ${asking.site}${barrierInWords(asking.tally)}`;
  return onSample(asking, {
    pass: pass && flaw === '',
    claim,
    ...rest,
    surprising: except(asking.tally, outsider),
    alsoAmiss: strayed(asking.seen.arrivals, 1, outsider),
  });
}

export const toArriveAt = judge({
  input: z.object(out),
  decide: ({ host, seen, ...asking }) =>
    onWayOut({ ...asking, seen }, judgeVisits(seen, asking.asked, host).flaw, {
      expected: `only 200 from outside, and ${asking.asked} requests in its book`,
      details: [`in the book of ${asking.site}: ${visitsInWords(seen)}`],
    }),
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});

export const toBeKeptFrom = judge({
  input: z.object({
    ...askingFields,
    site: z.string(),
    seen: z.object({ connections: z.number(), requests: z.number() }),
    barrier: z.union([z.literal(502), z.literal('closed')]),
    leak: z.number(),
  }),
  decide: ({ site, seen, barrier, ...asking }) => {
    const fits = (outcome: Outcome) => isBarrier(outcome, barrier);
    const { pass: refused, others } = judgeOnly(asking.tally, fits, asking.asked);
    const unseen = seen.connections === 0 && seen.requests === 0;
    const how = barrier === 502 ? 'answered 502 by the proxy' : 'closed by the proxy';
    return onSample(asking, {
      pass: refused && unseen,
      claim: unseen
        ? `${others} of ${asking.asked} requests were not ${how}`
        : `${site} was reached: ${visitsInWords(seen)}`,
      expected: `only requests that are ${how}, and nobody in the book of ${site}`,
      details: [`in the book of ${site}: ${visitsInWords(seen)}`],
      surprising: except(asking.tally, fits),
      alsoAmiss: !unseen,
    });
  },
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});

export const toLeave = judge({
  input: z.object({
    ...out,
    way: z.string(),
    port: z.number(),
    /** The gateway's service, where it leads through one. */
    through: z.string().exactOptional(),
    logged: z.object({ caller: connections, gateway: connections }),
  }),
  decide: ({ host, port, through, way, seen, logged, ...asking }) => {
    const wanted = { host, port, ...(through === undefined ? {} : { through }) };
    const flaw = judgeVisits(seen, asking.asked, host).flaw || flawOfWay(logged, asking.asked, wanted);
    return onWayOut({ ...asking, seen }, flaw, {
      expected: `${asking.asked} connections for ${host} that leave ${way}`,
      details: [
        `in the book of ${asking.site}: ${visitsInWords(seen)}`,
        `logged by the caller's proxy: ${connectionsInWords(logged.caller)}`,
        `logged by the egress gateway: ${connectionsInWords(logged.gateway)}`,
      ],
    });
  },
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});

/** Whether the caller's own proxy has logged every connection, or none. */
const crossing = judge({
  input: z.object({
    ...out,
    address: z.string(),
    /** The caller's proxy has logged a request that came after all the others. */
    testified: z.boolean(),
    witness: z.string(),
    lines: z.enum(['all', 'none']),
    words: z.string(),
    logged: connections,
  }),
  decide: ({ host, address, testified, witness, lines, words, seen, logged, ...asking }) => {
    const flaw = lines === 'all' ? flawOfLogged(logged, asking.asked, address) : flawOfUnlogged(logged, address);
    const unlogged = testified ? flaw : `its proxy has not logged a request for ${witness}`;
    return onWayOut({ ...asking, seen }, judgeVisits(seen, asking.asked, host).flaw || unlogged, {
      expected: `${asking.asked} connections to ${address} that pass ${words}`,
      details: [
        `in the book of ${asking.site}: ${visitsInWords(seen)}`,
        `logged by the caller's proxy about ${address}: ${connectionsInWords(logged)}`,
      ],
    });
  },
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});
export const [toPassByProxy, toPassThroughProxy] = [crossing, crossing];
