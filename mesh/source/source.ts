import type { AddOnName, Supply } from '../addons/catalogue.ts';
import type { Say } from '../say.ts';
import type { Choice } from '../versions.ts';

export type SourceName = 'registry' | 'packages';

/** The programs that the harness itself calls. */
export interface Binaries {
  readonly kind: string;
  readonly istioctl: string;
}

/** An image and the name under which the node's containerd shall know it. */
export interface NamedImage {
  readonly reference: string;
  readonly name: string;
}

export interface IstioImages {
  readonly pilot: NamedImage;
  readonly proxy: NamedImage;
  /** Where istioctl shall look for them; undefined leaves its own default. */
  readonly hub: string | undefined;
  readonly tag: string;
  /** Made on this machine: no registry has them. */
  readonly made: boolean;
}

/** Where the parts of a cluster come from. The one seam between machines that reach image registries and those that do not. */
export interface Source {
  readonly name: SourceName;
  /** Upstream's Envoy instead of Istio's, with the settings that go with it. */
  readonly upstreamEnvoy: boolean;
  /** The node image has its own network plugin, so that kind's must not be installed. */
  readonly ownNetwork: boolean;
  binaries(choice: Choice, say: Say): Promise<Binaries>;
  /** What kind boots; a source may put the images of Istio into it. */
  nodeImage(choice: Choice, say: Say): Promise<string>;
  istioImages(choice: Choice, say: Say): Promise<IstioImages>;
  /** Base of the demo apps' images: a system with Node. */
  appBase(choice: Choice, say: Say): Promise<string>;
  /** Images of the apps that others wrote, by their folder under apps/. */
  foreignApps(choice: Choice, say: Say): Promise<Readonly<Record<string, string>>>;
  /** Makes beforehand what would take the add-ons minutes. */
  prepareAddOns(say: Say): Promise<void>;
  /** The image of an add-on for this Istio, or why this source has none. */
  addOn(name: AddOnName, istio: string, say: Say): Promise<Supply>;
}
