import { z } from 'zod';
import { wrongWith } from '../../istio/proof.ts';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';

export const toAgreeOnVersion = judge({
  input: z.object({
    versions: z.object({
      client: z.string(),
      controlPlane: words,
      dataPlane: z.array(z.object({ proxy: z.string(), version: z.string() })).readonly(),
    }),
    wanted: z.string(),
  }),
  decide: ({ versions, wanted }) => {
    const wrong = wrongWith(versions, [], wanted);
    const expected = `client, control plane and all proxies of ${wanted}`;
    const [first = '', ...others] = wrong;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    const text = [`Istio is not of version ${wanted}: ${first}${more}`, ...others.map((line) => `  ${line}`)];
    return verdict(wrong, expected, text.join('\n'));
  },
});

const deployment = z.object({ name: z.string(), ready: z.number(), wanted: z.number(), settled: z.boolean() });

export const toHaveReady = judge({
  input: z.object({ namespace: z.string(), names: words, there: z.array(deployment).readonly() }),
  decide: ({ namespace, names, there }) => {
    const wrong = names.flatMap((name) => {
      const found = there.find((one) => one.name === name);
      if (found === undefined) return [`${name} is not there`];
      const { ready, wanted, settled } = found;
      return wanted > 0 && settled ? [] : [`${name} has ${ready} of ${wanted} replicas ready`];
    });
    const expected = `${names.join(', ')} ready in ${namespace}`;
    return verdict(wrong, expected, `${namespace} is not ready: ${wrong.join('; ')}`);
  },
});

const MOST = 6;

export const toHaveRejectedNothing = judge({
  input: z.object({
    proxies: words,
    /** Refusals that stand, by istiod's account. */
    counted: words,
    /** What the proxies say that they refused. */
    told: words,
  }),
  decide: ({ proxies, counted, told }) => {
    const rejects = [...counted, ...told];
    const expected = `no refused configuration, by istiod's account and by ${proxies.join(', ')}`;
    const first = `a proxy refused configuration: ${rejects[0] ?? ''}`;
    return verdict(rejects, expected, [first, ...rejects.slice(1, MOST).map((line) => `  ${line}`)].join('\n'));
  },
});

const finding = z.object({
  code: z.string(),
  level: z.enum(['Error', 'Warning', 'Info']),
  origin: z.string(),
  message: z.string(),
});
const file = z.object({ file: z.string(), findings: z.array(finding).readonly() });
const declaration = z.object({ file: z.string(), codes: words });
const MOST_FILES = 12;

export const toFind = judge({
  input: z.object({ analyzed: z.array(file).readonly(), declared: z.array(declaration).readonly() }),
  decide: ({ analyzed, declared }) => {
    const known = new Set(analyzed.map((one) => one.file));
    const codesOf = (name: string) => declared.find((one) => one.file === name)?.codes ?? [];
    const wrong = [
      ...analyzed.flatMap((one) => wrongIn(one, codesOf(one.file))),
      ...declared.filter((one) => !known.has(one.file)).map((one) => `was not given ${one.file}`),
    ];
    const expected = `${declared.length} of ${analyzed.length} files with the codes declared for them, and silence on the others`;
    const lines = [
      `istioctl analyze ${wrong[0] ?? ''}`,
      ...wrong.slice(1, MOST_FILES).map((line) => `  ${line}`),
      ...(wrong.length > MOST_FILES ? [`  and ${wrong.length - MOST_FILES} more`] : []),
    ];
    return verdict(wrong, expected, lines.join('\n'));
  },
});

function wrongIn({ file: name, findings }: z.infer<typeof file>, codes: readonly string[]): readonly string[] {
  const serious = findings.filter(({ level }) => level !== 'Info');
  const surprising = serious.filter(({ code }) => !codes.includes(code));
  const missing = codes.filter((code) => !serious.some((one) => one.code === code));
  return [
    ...surprising.map(
      ({ code, level, origin, message }) => `finds ${code} (${level}) in ${name}: ${origin}: ${message}`,
    ),
    ...missing.map((code) => `does not find ${code} in ${name}`),
  ];
}

function verdict(wrong: readonly string[], expected: string, text: string) {
  const pass = wrong.length === 0;
  return { pass, expected, message: pass ? expected : `${text}\n  expected: ${expected}` };
}
