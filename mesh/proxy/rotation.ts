import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';

/** A moment's time stamp and a few words more: no two files of a log begin alike. */
const BEGINNING = '64';

/**
 * Takes down how a proxy's log begins. A kubelet shows the newest file of a log only, and begins another one as soon as it finds more than 10 MiB in it: lines of
 * a moment ago are gone then, and their lack says nothing of the mesh.
 *
 * @returns what throws HarnessError LOG_CUT where the log begins otherwise by then
 */
export async function uncutFrom(kube: Pick<Kube, 'rest'>, { namespace, name }: Pick<Pod, 'namespace' | 'name'>) {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const query = { container: 'istio-proxy', limitBytes: BEGINNING, timestamps: 'true' };
  const doing = `Reading the access log of ${namespace}/${name}`;
  const beginning = () => kube.rest.text({ method: 'GET', path, query }, doing);
  const before = await beginning();
  return async (): Promise<void> => {
    if (before === '' || (await beginning()) === before) return;
    throw new HarnessError({
      code: 'LOG_CUT',
      blame: 'environment',
      doing,
      expected: 'all that it wrote while the test was asking',
      seen: 'the log was rotated meanwhile, and what is in the older file cannot be read any more',
      next: 'run it again',
    });
  };
}
