import { readFile } from 'node:fs/promises';
import type { ImageLoader } from '../cluster/loader.ts';
import { HarnessError } from '../errors.ts';
import { deploymentsIn } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords } from '../kube/objects.ts';
import { troubleIn } from '../kube/trouble.ts';
import type { Say } from '../say.ts';
import { inSeconds } from '../seconds.ts';
import type { Source } from '../source/source.ts';
import { converge } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';
import type { Run } from '../world/run.ts';
import { type AddOnName, addOnNames, catalogue, type Supply } from './catalogue.ts';
import { objectsOf } from './objects.ts';
import { type AddOnState, type AddOnStates, writeAddOns } from './record.ts';

const patience = { within: 180_000, every: 250 };

/** Where the add-ons go, and what they are made of. */
export interface Site {
  readonly kube: Kube;
  readonly loader: ImageLoader;
  readonly source: Source;
  readonly istio: string;
  readonly run: Run;
}

/**
 * Brings the add-ons into the cluster, as far as they can be had, and keeps what is there and right. One that fails is written down as such and harms no
 * other: what needs it says so. Anybody may ask meanwhile how far they are.
 */
export async function ensureAddOns(site: Site, say: Say): Promise<AddOnStates> {
  const states = Object.fromEntries(addOnNames.map((name) => [name, { state: 'coming' }])) as Record<
    AddOnName,
    AddOnState
  >;
  let writing = Promise.resolve();
  const note = (name: AddOnName, state: AddOnState) => {
    states[name] = state;
    // One after the other, or an older state would come last; each holds them all, so that one which could not be written is made good by the next.
    writing = writing.catch(() => undefined).then(() => writeAddOns(site.kube, site.run, states));
    return writing;
  };
  await writeAddOns(site.kube, site.run, states);
  // Made one after the other, and each begins while the next one is made.
  let made: Promise<unknown> = Promise.resolve();
  const coming = addOnNames.map(async (name) => {
    const supplied = made.then(() => attempt(() => supply(site, name, say)));
    made = supplied;
    const image = await supplied;
    await note(name, 'state' in image ? image : await attempt(() => bring(site, name, image)));
  });
  await Promise.all(coming);
  for (const name of addOnNames) say.note(inWords(name, states[name]));
  return states;
}

/** What an add-on's state is to whoever reads it. */
function inWords(name: AddOnName, state: AddOnState): string {
  const { title } = catalogue[name];
  if (state.state === 'ready') return `${title} is ready`;
  return state.state === 'coming' ? `${title} is on its way` : `${title}: ${state.reason}`;
}

type Image = Exclude<Supply, { readonly lacking: string }>;

async function supply({ kube, loader, source, istio }: Site, name: AddOnName, say: Say): Promise<Image | AddOnState> {
  // Before anything is made for it.
  const theirs = await foreignAmong(kube, await objectsOf(name, ''));
  if (theirs !== undefined) return theirs;
  const supply = await source.addOn(name, istio, say);
  if ('lacking' in supply) return { state: 'lacking', reason: supply.lacking };
  const image = loader.nameFor(supply.image);
  await loader.load([{ reference: supply.image, name: image }], say);
  return { ...supply, image };
}

async function bring({ kube }: Site, name: AddOnName, { image, dashboards }: Image): Promise<AddOnState> {
  const foreign = dashboards === undefined ? undefined : await readFile(dashboards, 'utf8');
  const objects = await objectsOf(name, image, foreign);
  // The dashboards were not known before.
  const theirs = foreign === undefined ? undefined : await foreignAmong(kube, objects);
  if (theirs !== undefined) return theirs;
  for (const object of objects) await kube.apply(object);
  const look = async () => (await deploymentsIn(kube, ISTIO_NAMESPACE)).find((one) => one.labels[names.addOn] === name);
  const { held, millis } = await converge(look, (found) => found?.settled === true && found.ready > 0, patience);
  if (held) return { state: 'ready' };
  const trouble = (await troubleIn(kube, ISTIO_NAMESPACE, { [names.addOn]: name })) ?? 'its pod is not ready';
  return { state: 'failed', reason: `${trouble} (after ${inSeconds(millis)})` };
}

/** To apply an object of somebody else's would change what it is to them, and to take it away afterwards would end it. */
async function foreignAmong(kube: Kube, objects: readonly KubeObject[]): Promise<AddOnState | undefined> {
  const there = await Promise.all(objects.map((object) => kube.get(object)));
  const theirs = there.find((found) => found !== undefined && found.metadata.labels?.[names.addOn] === undefined);
  if (theirs === undefined) return undefined;
  return { state: 'lacking', reason: `somebody else's ${objectInWords(theirs)} stands there, and is left alone` };
}

/** An error of one add-on is that one's state, and no reason to give up the others. */
async function attempt<T>(work: () => Promise<T>): Promise<T | AddOnState> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return { state: 'failed', reason: error.message.split('\n')[0] ?? error.code };
  }
}
