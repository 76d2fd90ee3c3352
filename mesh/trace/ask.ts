import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

/** @returns the answer's text; undefined where there is no such trace */
export async function askBackEnd(name: string, http: Http, path: string): Promise<string | undefined> {
  const { status, text } = await http.send({ method: 'GET', path });
  if (status === 200) return text;
  if (status === 404) return undefined;
  throw new HarnessError({
    code: 'TRACES_UNREADABLE',
    blame: 'environment',
    doing: `Asking ${name} (${http.peer}) for ${path.replace(/\?.*/, '')}`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether its pod is running, and its log',
  });
}
