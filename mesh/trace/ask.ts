import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

/** @returns the answer's text; undefined where what was asked for is not there */
export async function askBackEnd(name: string, http: Http, path: string): Promise<string | undefined> {
  const { status, text } = await http.send({ method: 'GET', path });
  if (status === 200) return text;
  // The API server's own 404 says that the pod is gone.
  if (status === 404 && !/"kind": ?"Status"/.test(text)) return undefined;
  throw new HarnessError({
    code: 'TRACES_UNREADABLE',
    blame: 'environment',
    doing: `Asking ${name} (${http.peer}) for ${path.replace(/\?.*/, '')}`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether its pod is running, and its log',
  });
}
