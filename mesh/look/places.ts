import { type AddOnName, addOnNames, catalogue } from '../addons/catalogue.ts';
import { findAddOn } from '../addons/find.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { readyPodsOf } from '../kube/pods.ts';
import { productpage } from '../world/apps.ts';
import { ISTIO_NAMESPACE, slotName } from '../world/names.ts';
import type { Place } from './door.ts';

/** Apps with a page of their own, in the first worker's namespace. */
const apps = { productpage } as const;

export const pageNames: readonly string[] = [...addOnNames, ...Object.keys(apps)];

/** @throws HarnessError UNKNOWN_PAGE */
export function demandPage(name: string): void {
  if (pageNames.includes(name)) return;
  throw new HarnessError({
    code: 'UNKNOWN_PAGE',
    blame: 'usage',
    doing: `Looking for the page of ${name}`,
    expected: `one of ${pageNames.join(', ')}`,
    seen: 'there is no such page',
    next: 'name one of them: npm run look -- prometheus',
  });
}

/** Where a page is, on this cluster. @throws HarnessError PAGE_MISSING where it is not there, UNKNOWN_PAGE */
export async function placeOf(kube: Kube, name: string): Promise<Place> {
  demandPage(name);
  return isAddOn(name) ? addOnPlace(kube, name) : appPlace(kube, name as keyof typeof apps);
}

const isAddOn = (name: string): name is AddOnName => (addOnNames as readonly string[]).includes(name);

async function addOnPlace(kube: Kube, name: AddOnName): Promise<Place> {
  const found = await findAddOn(kube, name);
  if ('missing' in found) throw missing(catalogue[name].title, found.missing, 'bring it: npm run addons');
  return { namespace: ISTIO_NAMESPACE, pod: found.pod, ...catalogue[name] };
}

async function appPlace(kube: Kube, name: keyof typeof apps): Promise<Place> {
  const { port, path, labels } = apps[name];
  const namespace = slotName(0);
  const [pod] = await readyPodsOf(kube, { namespace, labels });
  if (pod === undefined) throw missing(name, `no pod of it is ready in ${namespace}`, 'bring it: npm run deploy');
  return { namespace, pod: pod.name, port, page: path };
}

function missing(what: string, seen: string, next: string): HarnessError {
  return new HarnessError({
    code: 'PAGE_MISSING',
    blame: 'environment',
    doing: `Opening the page of ${what}`,
    seen,
    next,
  });
}
