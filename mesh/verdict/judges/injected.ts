import { z } from 'zod';
import { type Anatomy, anatomyInWords } from '../../injection/anatomy.ts';
import { proxyDifferences } from '../../injection/compare.ts';
import { contradictions } from '../../injection/redirection.ts';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';

const sidecar = z.enum(['native', 'classic']);
const redirection = z.object({
  outbound: z.string(),
  inbound: z.string(),
  user: z.string(),
  mode: z.string(),
  past: words,
});
const anatomy = z.object({
  proxies: z.array(z.object({ sidecar, args: words, command: words })).readonly(),
  /** Null where there is none. */
  redirection: redirection.nullable(),
});

/** As the tutorials' init container is told: what leaves goes to 15001, the proxy's own packets pass, by redirecting. */
const declared = { outbound: '15001', user: '1337', mode: 'REDIRECT' } as const;

export const toCarryOneProxy = judge({
  input: z.object({ object: z.string(), anatomy, sidecar: sidecar.exactOptional(), opposite: z.boolean() }),
  decide: ({ object, anatomy: seen, sidecar: kind, opposite }) => {
    const whole = { ...seen, redirection: seen.redirection ?? undefined };
    const wrong = opposite ? carried(whole) : wrongWith(whole, kind);
    const expected = opposite
      ? 'no istio-proxy and no istio-init'
      : ['one', ...(kind === undefined ? [] : [kind]), 'istio-proxy and istio-init'].join(' ');
    return red(wrong, expected, `${object} ${wrong[0] ?? expected}`, [`  seen: ${anatomyInWords(whole)}`]);
  },
});

function wrongWith({ proxies, redirection: seen }: Anatomy, kind: z.infer<typeof sidecar> | undefined) {
  const [proxy] = proxies;
  if (proxy === undefined) return ['carries no istio-proxy'];
  if (proxies.length > 1) return [`carries ${proxies.length} containers istio-proxy, and should one`];
  if (seen === undefined) return ['has no container istio-init that redirects'];
  const options = Object.entries(declared).filter(([option, value]) => seen[option as keyof typeof declared] !== value);
  return [
    ...(kind === undefined || proxy.sidecar === kind
      ? []
      : [`carries a ${proxy.sidecar} sidecar, and not a ${kind} one`]),
    ...(proxy.command.length === 0 && proxy.args.slice(0, 2).join(' ') === 'proxy sidecar'
      ? []
      : [`starts its proxy as \`${[...proxy.command, ...proxy.args].join(' ')}\``]),
    ...options.map(
      ([option, value]) => `redirects with ${option} ${seen[option as keyof typeof declared]}, and not ${value}`,
    ),
  ];
}

function carried({ proxies, redirection: seen }: Anatomy): readonly string[] {
  return proxies.length === 0 && seen === undefined ? [] : ['carries a proxy, and should not'];
}

const container = z.record(z.string(), z.unknown());
const injected = z.object({ 'istio-init': container, 'istio-proxy': container });

export const toCarrySameProxy = judge({
  input: z.object({ here: injected, there: injected }),
  decide: ({ here, there }) => {
    const wrong = proxyDifferences(here, there);
    const expected = 'the same istio-proxy and istio-init';
    const first = `the injected files differ: ${wrong[0] ?? 'in nothing'}`;
    const message = [first, ...wrong.map((line) => `  ${line}`)].join('\n');
    return { pass: wrong.length === 0, expected, message };
  },
});

export const toRedirect = judge({
  input: z.object({
    pod: z.string(),
    /** What the init container was told; null where there is none. */
    told: redirection.nullable(),
    /** What `iptables-save` printed in the pod's network. */
    kernel: z.string(),
    /** Command line of the first process of the proxy's container. */
    started: z.string(),
  }),
  decide: ({ pod, told, kernel, started }) => {
    const wrong = [
      ...(told === null ? ['has no container istio-init'] : contradictions(kernel, told)),
      ...(/^(\S*\/)?pilot-agent proxy sidecar /.test(`${started} `) ? [] : [`has its proxy started by \`${started}\``]),
    ];
    const expected = `redirection as the init container says: ${JSON.stringify(told)}`;
    const rules = kernel.split('\n').map((line) => `  ${line}`);
    return red(wrong, expected, `${pod}: ${wrong[0] ?? expected}`, rules);
  },
});

export const toBeUnchanged = judge({
  input: z.object({ pod: z.string(), before: z.string(), after: z.string() }),
  decide: ({ pod, before, after }) => ({
    pass: before === after,
    expected: before,
    message:
      before === after
        ? `${pod} stayed as it was: ${before}`
        : [`${pod} did not stay as it was: ${after}`, `  expected: ${before}`].join('\n'),
  }),
});

function red(wrong: readonly string[], expected: string, first: string, rest: readonly string[]) {
  const message = [first, ...wrong.slice(1).map((line) => `  and ${line}`), `  expected: ${expected}`, ...rest];
  return { pass: wrong.length === 0, expected, message: message.join('\n') };
}
