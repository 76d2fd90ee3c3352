import type { Kube } from '../kube/kube.ts';

/** Where a fault strikes: a kind cluster of the harness's own, and the folder that a run reports into. */
export interface Scene {
  readonly kube: Kube;
  /** The container that is the cluster's node. */
  readonly node: string;
  /** The namespace of the first worker. */
  readonly slot: string;
  readonly report: string;
}

/** Makes good again what was broken. */
export type Mend = () => Promise<void>;

/** Something that goes wrong around the mesh, and says nothing about its rules. */
export interface Fault {
  readonly id: string;
  readonly says: string;
  /** Scenarios in whose middle it strikes. */
  readonly grep: string;
  /** What the first line has to name, where the verdict is one on the environment. */
  readonly seen: RegExp;
  /** What the run is told before it begins. */
  readonly env?: (scene: Scene) => Readonly<Record<string, string>>;
  /** What has to be there before the run begins. */
  readonly prepare?: (scene: Scene) => Promise<Mend>;
  /** Called once, when a rule of the run is in force. */
  readonly strike: (scene: Scene) => Promise<Mend>;
}

export const mended: Mend = () => Promise.resolve();
