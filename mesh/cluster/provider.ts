import type { Say } from '../say.ts';

export interface ClusterAccess {
  readonly name: string;
  readonly provider: 'kind' | 'existing';
  readonly kubeconfig: string;
  readonly context: string;
}

export interface ClusterProvider {
  /**
   * Makes the cluster, or mends or refuses what is there.
   *
   * @param node image that a node boots, made only where the provider boots nodes
   */
  ensure(node: () => Promise<string>, say: Say): Promise<ClusterAccess>;
  /** Takes away what the harness made, and nothing else. Returns what that was. */
  remove(say: Say): Promise<readonly string[]>;
}
