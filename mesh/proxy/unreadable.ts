import { HarnessError } from '../errors.ts';

/**
 * @param doing `Reading the listeners of the proxy of pod ns/a`
 * @param seen what came in place of an answer
 */
export function unreadable(doing: string, seen: string): HarnessError {
  return new HarnessError({
    code: 'PROXY_UNREADABLE',
    blame: 'environment',
    doing,
    seen,
    next: 'see whether the pod is running, with its prober and its proxy',
  });
}
