/** Which Istio is wanted, where, and with what. */
export interface Installation {
  readonly istioctl: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly version: string;
  /** Where its images stand; undefined is istioctl's own default. */
  readonly hub: string | undefined;
  readonly tag: string;
  readonly upstreamEnvoy: boolean;
  /** The harness made this cluster, and may replace what is in it. */
  readonly owned: boolean;
}
