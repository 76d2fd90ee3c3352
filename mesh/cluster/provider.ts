import type { Engine } from '../engine/engine.ts';
import type { Say } from '../say.ts';

export interface ClusterAccess {
  readonly name: string;
  readonly provider: 'kind' | 'existing';
  readonly kubeconfig: string;
  readonly context: string;
}

/** What it takes to boot a cluster; a provider that boots none does not look at it. */
export interface Boot {
  readonly engine: Engine;
  /** Path of the kind program. */
  readonly kind: string;
  /** Image of the node. */
  readonly node: string;
  /** The image has its own network plugin. */
  readonly ownNetwork: boolean;
}

export interface ClusterProvider {
  /** Refuses at once what it could not use in the end: nobody shall wait ten minutes to hear of a wrong name. */
  check(): Promise<void>;
  /** Makes the cluster, or mends or refuses what is there. */
  ensure(boot: Boot, say: Say): Promise<ClusterAccess>;
  /** Takes away what the harness made, and nothing else. Returns what that was. */
  remove(say: Say): Promise<readonly string[]>;
}
