import { z } from 'zod';
import { firstLine, HarnessError } from '../errors.ts';

/**
 * What istioctl printed as JSON. Another release may write something else, which is neither its fault nor a mistake of whoever asks.
 *
 * @param command of istioctl: `version`
 * @throws HarnessError ISTIOCTL_UNREADABLE with how it begins
 */
export function printed<T>(schema: z.ZodType<T>, text: string, command: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    const detail = error instanceof z.ZodError ? `, of which ${firstLine(z.prettifyError(error))}` : '';
    throw new HarnessError({
      code: 'ISTIOCTL_UNREADABLE',
      blame: 'environment',
      doing: `Reading what istioctl ${command} printed`,
      expected: 'JSON as the releases in versions.json write it',
      seen: `${JSON.stringify(text.trimStart().slice(0, 120))}${detail}`,
      next: 'if this is a release that the harness does not know yet, tell its makers, with these lines',
      cause: error,
    });
  }
}
