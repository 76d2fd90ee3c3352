import { deploymentsIn } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import type { Circumstances } from '../judge/reasons.ts';

/** An app of the tutorials, as its callers know it. */
export interface App {
  readonly service: string;
  readonly port: number;
  /** The path whose answer names the version. */
  readonly path: string;
  /** Labels that its pods carry, whatever their version. */
  readonly labels: Readonly<Record<string, string>>;
}

export const nodebook: App = { service: 'nodebook', port: 3000, path: '/version', labels: { app: 'nodebook' } };
export const kubia: App = {
  service: 'kubia-service',
  port: 8080,
  path: '/',
  labels: { 'tenc-service': 'kubia-server' },
};

/** The deployments behind an app, now. */
export async function circumstancesOf(kube: Kube, namespace: string, { service, labels }: App): Promise<Circumstances> {
  const wanted = Object.entries(labels);
  const behind = (await deploymentsIn(kube, namespace)).filter((deployment) =>
    wanted.every(([key, value]) => deployment.labels[key] === value),
  );
  const workloads = behind.map(({ name, labels: own, wanted: replicas, ready }) => ({
    name,
    version: own['version'] ?? '',
    wanted: replicas,
    ready,
  }));
  return { service, workloads };
}
