import { ask, run } from '../command.ts';
import { reachEngine } from '../engine/engine.ts';
import { HarnessError } from '../errors.ts';
import type { Say } from '../say.ts';
import { nameOf } from '../source/hash.ts';
import type { IstioImages, NamedImage } from '../source/source.ts';
import type { ImageLoader } from './loader.ts';
import { explained } from './registry-trouble.ts';

/** Nothing stands under it: it is only asked for, to see whether anybody answers. */
const UNUSED_TAG = 'istio-e2e-asks';
/** What a registry says of something that it does not have; many do not tell that from what they do not show. */
const NOT_THERE = /not found|(manifest|name) unknown|does not exist|not known/;

/** Takes images to a registry from which the cluster's nodes pull them: `REGISTRY/PATH`. */
export class PushLoader implements ImageLoader {
  readonly #registry: string;

  constructor(registry: string) {
    this.#registry = registry;
  }

  nameFor(reference: string): string {
    return `${this.#registry}/${reference.split('/').at(-1) ?? reference}`;
  }

  /** Self-made ones: they get a tag of their own for their content, because a node does not pull anew what it has by name. */
  istio(images: IstioImages): IstioImages {
    if (!images.made) return images;
    const { pilot, proxy } = images;
    const tag = `${images.tag}-${nameOf(pilot.reference, proxy.reference)}`;
    const named = ({ reference }: NamedImage, name: string) => ({
      reference,
      name: `${this.#registry}/${name}:${tag}`,
    });
    return { ...images, pilot: named(pilot, 'pilot'), proxy: named(proxy, 'proxyv2'), hub: this.#registry, tag };
  }

  async load(images: readonly NamedImage[], say: Say): Promise<void> {
    // One after the other: they share their layers, and the first takes those along for all.
    for (const { reference, name } of images) {
      // The nodes pull it from where this machine did.
      if (name === reference) continue;
      say(`pushing ${name}`);
      await this.#push(reference, name);
    }
  }

  /**
   * Asks the engine, which is the one that will push, for something that is not there: whether it may push shows only when it does.
   *
   * @throws HarnessError REGISTRY_UNKNOWN, REGISTRY_SILENT, REGISTRY_INSECURE, REGISTRY_LOGIN; COMMAND_FAILED where it is no registry
   */
  async check(): Promise<void> {
    if ((await reachEngine()) === undefined) return;
    const doing = `Looking for the registry of ${this.#registry}`;
    const name = this.nameFor(`prober:${UNUSED_TAG}`);
    const next = `see whether ${this.#registry} is in a registry of images`;
    await run('docker', ['pull', '--quiet', name], { doing, next, timeoutMillis: 60_000 }).catch((error: unknown) => {
      if (error instanceof HarnessError && NOT_THERE.test(error.message)) return;
      throw explained(error, this.#registry, doing) ?? error;
    });
  }

  async #push(reference: string, name: string): Promise<void> {
    const doing = `Pushing ${name}`;
    await run('docker', ['tag', reference, name], { doing });
    try {
      await run('docker', ['push', name], { doing, code: 'IMAGE_NOT_PUSHED' });
    } catch (error) {
      throw explained(error, this.#registry, doing) ?? error;
    } finally {
      // The name only: the image stays, under the one that the harness gave it.
      await ask('docker', ['image', 'rm', '--no-prune', name]);
    }
  }
}
