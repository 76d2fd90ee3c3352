import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { KubeObject } from '../kube/objects.ts';
import { claimed } from './claimed.ts';
import { printed } from './printed.ts';
import type { Target } from './proof.ts';

const schema = z.array(
  z.object({
    code: z.string(),
    level: z.enum(['Error', 'Warning', 'Info']),
    /** `VirtualService istio-e2e-w0/nodebook` */
    origin: z.string(),
    message: z.string(),
    /** File and line, of what was read from a file. */
    reference: z.string().default(''),
  }),
);

/** One message of `istioctl analyze`. */
export type Finding = Omit<z.infer<typeof schema>[number], 'reference'>;

/** With what istioctl says that it found something. */
const FOUND = 79;

/**
 * What `istioctl analyze` says of each of these lists of objects, if all of them were in a namespace of the cluster. Against the cluster,
 * because offline it leaves out every analyzer that looks at services and pods; and of that namespace, because it passes over others
 * without a word.
 */
export async function analyze(
  { istioctl, kubeconfig, context }: Target,
  namespace: string,
  lists: readonly (readonly KubeObject[])[],
): Promise<readonly (readonly Finding[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-e2e-analyze-'));
  const files = lists.map((_, index) => join(folder, `${index}.yaml`));
  try {
    // JSON is YAML.
    const texts = lists.map((objects) => objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? '')));
    const args = ['analyze', '-n', namespace, '-o', 'json', '--kubeconfig', kubeconfig, '--context', context];
    const options = { doing: 'Analyzing rules with istioctl', alsoAnswers: FOUND, timeoutMillis: 120_000 };
    const found = printed(schema, await claimed(istioctl, [...args, ...files], options), 'analyze');
    return files.map((file) =>
      found
        .filter(({ reference }) => reference.startsWith(`${file}:`))
        .map(({ code, level, origin, message }) => ({ code, level, origin, message })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
