import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { podsOf, readyPodsOf } from '../kube/pods.ts';
import type { Http } from '../kube/pod-http.ts';
import { converge, type Pace } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';
import { isAlive } from '../world/run.ts';
import { type AddOnName, catalogue } from './catalogue.ts';
import { type AddOnState, readAddOns } from './record.ts';

/** An add-on that is there and ready. */
export interface AddOn {
  readonly name: AddOnName;
  readonly pod: string;
  /** By this the proxies know it, whatever the Service is called that they send to. */
  readonly ip: string;
  readonly restarts: number;
  /** Its own port, asked from outside the mesh. */
  readonly http: Http;
}

/** Images may have to be made first, beside the suites; a run that dies is noticed sooner. */
const patience = { within: 600_000, every: 500 };
const REMEDY = '`npm run addons` brings it, or says what keeps it away';

/**
 * An add-on of this cluster. One that is on its way is waited for.
 *
 * @returns the reason, where it was never wanted or cannot be had
 * @throws HarnessError ADD_ON_FAILED where it should be there and is not
 */
export async function findAddOn(
  kube: Kube,
  name: AddOnName,
  pace: Pace = patience,
): Promise<AddOn | { readonly missing: string }> {
  const { title, port } = catalogue[name];
  const { last, millis } = await converge(
    () => stateOf(kube, name),
    (state) => state?.state !== 'coming',
    pace,
  );
  if (last === undefined) return { missing: `${title} is not installed on this cluster: npm run addons` };
  if (last.state === 'lacking') return { missing: last.reason };
  if (last.state === 'failed') throw failed(title, last.reason, millis);
  if (last.state === 'coming') throw failed(title, 'it is still on its way', millis);
  const [pod] = await readyPodsOf(kube, { namespace: ISTIO_NAMESPACE, labels: { [names.addOn]: name } });
  if (pod === undefined) throw failed(title, 'it was ready, and no pod of it is now', millis);
  return {
    name,
    pod: pod.name,
    ip: pod.ip,
    restarts: pod.restarts,
    http: kube.pod(ISTIO_NAMESPACE, pod.name, port),
  };
}

/**
 * What keeps everything in memory has forgotten it when it begins anew, which looks like nothing ever having been.
 *
 * @throws HarnessError ADD_ON_FAILED where it did since it was found
 */
export async function assertStillThere(kube: Kube, { name, pod, restarts }: AddOn): Promise<void> {
  // One that is too busy to say that it is ready has forgotten nothing.
  const pods = await podsOf(kube, { namespace: ISTIO_NAMESPACE, labels: { [names.addOn]: name } });
  if (pods.some((one) => one.name === pod && one.restarts === restarts)) return;
  throw failed(catalogue[name].title, 'it has begun anew meanwhile, and forgotten what was before', 0);
}

async function stateOf(kube: Kube, name: AddOnName): Promise<AddOnState | undefined> {
  const record = await readAddOns(kube);
  const state = record?.addOns[name];
  if (record === undefined || state?.state !== 'coming' || isAlive(record.run)) return state;
  return { state: 'failed', reason: 'the run that was bringing it has died' };
}

function failed(title: string, seen: string, afterMillis: number): HarnessError {
  return new HarnessError({
    code: 'ADD_ON_FAILED',
    blame: 'environment',
    doing: `Looking for ${title}`,
    seen,
    afterMillis,
    next: REMEDY,
  });
}
