import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { DoorSight } from '../../proxy/shown-door.ts';
import { type Sight, sightByRules } from '../../proxy/sight.ts';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';
import { inSeconds } from '../../seconds.ts';

const rule = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().exactOptional() }),
});
const parts = ['clusters', 'routes', 'listeners'] as const;

export const toShow = judge({
  input: z.object({
    proxy: z.string(),
    app: z.object({ service: z.string(), port: z.number() }),
    rules: z.array(rule).readonly(),
    /** What the proxy showed of the app when it was looked at for the last time. */
    seen: z.object({ clusters: words, routes: words, listeners: words }),
    millis: z.number(),
  }),
  decide: ({ proxy, app, rules, seen, millis }) => {
    const wanted = sightByRules(rules, app);
    const wrong = differing(seen, wanted);
    const expected = JSON.stringify(wanted, undefined, 1);
    const pass = wrong.length === 0;
    if (pass) return { pass, expected, message: `${proxy} shows of ${app.service} what the rules say` };
    const message = [
      `${proxy} shows other ${wrong.join(' and ')} of ${app.service} than the rules say (waited ${inSeconds(millis)})`,
      ...wrong.flatMap((part) => [
        `  expected ${part}: ${wanted[part].join('; ')}`,
        `  seen ${part}: ${seen[part].length === 0 ? 'none' : seen[part].join('; ')}`,
      ]),
    ].join('\n');
    return { pass, expected, message };
  },
});

/** Only routes have an order that means something. */
export function differing(seen: Sight, wanted: Sight): readonly (typeof parts)[number][] {
  return parts.filter((part) => {
    const [a, b] = part === 'routes' ? [seen[part], wanted[part]] : [seen[part].toSorted(), wanted[part].toSorted()];
    return !isDeepStrictEqual(a, b);
  });
}

/** A proxy's admin tells the same of its listeners in two ways. */
export const toKnowItsListeners = judge({
  input: z.object({ proxy: z.string(), listening: words, dumped: words }),
  decide: ({ proxy, listening, dumped }) => {
    const pass = listening.length > 0 && isDeepStrictEqual(listening, dumped);
    const expected = `by /config_dump: ${dumped.join(', ')}`;
    const first = `${proxy} ${pass ? 'has the listeners that it says it has' : 'says of its listeners one thing here and another there'}`;
    return { pass, expected, message: [first, `  by /listeners: ${listening.join(', ')}`, `  ${expected}`].join('\n') };
  },
});

const door = z.object({ open: z.boolean(), routes: words });

/** A gateway's proxy listens or does not, and has these routes for a host behind it, and no others. */
export const toLeadOn = judge({
  input: z.object({
    proxy: z.string(),
    port: z.number(),
    host: z.string(),
    wanted: door,
    /** What it showed when it was looked at for the last time. */
    seen: door,
    millis: z.number(),
  }),
  decide: ({ proxy, port, host, wanted, seen, millis }) => {
    const pass = isDoor(seen, wanted);
    const expected = doorInWords(wanted, port, host);
    const shown = `${proxy} shows ${doorInWords(seen, port, host)}`;
    return { pass, expected, message: pass ? shown : `${shown}, and not ${expected} (waited ${inSeconds(millis)})` };
  },
});

export function isDoor(seen: DoorSight, wanted: DoorSight): boolean {
  return isDeepStrictEqual(seen, wanted);
}

function doorInWords({ open, routes }: DoorSight, port: number, host: string): string {
  const listener = open ? `a listener on ${port}` : `no listener on ${port}`;
  return `${listener} and ${routes.length === 0 ? 'no route' : routes.join('; ')} for ${host}`;
}

const bootstrap = z.object({ node: z.string(), adminPort: z.number(), source: z.string(), clusters: words });
const fields = ['node', 'adminPort', 'source', 'clusters'] as const;

/** The agent's file names this proxy, and is what Envoy has loaded. */
export const toRunByItsFile = judge({
  input: z.object({ proxy: z.string(), node: z.string(), file: bootstrap, loaded: bootstrap }),
  decide: ({ proxy, node, file, loaded }) => {
    const wanted = { ...loaded, node, adminPort: 15000, source: 'xds-grpc' };
    const wrong = fields.flatMap((field) => [
      ...(isDeepStrictEqual(file[field], loaded[field])
        ? []
        : [`${field} is ${String(file[field])} in the file, and ${String(loaded[field])} was loaded`]),
      ...(isDeepStrictEqual(file[field], wanted[field])
        ? []
        : [`${field} is ${String(file[field])}, and not ${String(wanted[field])}`]),
    ]);
    const expected = `node ${node}, admin at 15000, configuration from xds-grpc, as it was loaded`;
    const [first = expected, ...more] = wrong;
    const message = [`the bootstrap of ${proxy}: ${first}`, ...more.map((line) => `  and ${line}`)].join('\n');
    return { pass: wrong.length === 0, expected, message };
  },
});
