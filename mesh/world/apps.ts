import { faultsIn } from '../injection/never-ready.ts';
import { type Deployment, deploymentsIn } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import type { Circumstances, Workload } from '../judge/reasons.ts';
import type { VersionMark } from '../prober/protocol.ts';

/** An app of the tutorials, as its callers know it. */
export interface App {
  readonly service: string;
  readonly port: number;
  /** The path whose answer names the version. */
  readonly path: string;
  /** Labels that its pods carry, whatever their version. */
  readonly labels: Readonly<Record<string, string>>;
  /** For one that speaks no HTTP: a request is then a connection, with a line each way. */
  readonly protocol?: 'tcp';
  /** Where an answer names the version, if that is not the first word like v1 in it. */
  readonly version?: VersionMark;
  /** The label by which its pods tell their versions apart, if not `version`. */
  readonly versionLabel?: string;
  /** The app behind it whose versions its answers tell, where they are not its own. */
  readonly speaksFor?: App;
}

export const nodebook: App = { service: 'nodebook', port: 3000, path: '/version', labels: { app: 'nodebook' } };
export const kubia: App = {
  service: 'kubia-service',
  port: 8080,
  path: '/',
  labels: { 'tenc-service': 'kubia-server' },
};

const BOOKINFO_PORT = 9080;
export const details: App = {
  service: 'details',
  port: BOOKINFO_PORT,
  path: '/details/0',
  labels: { app: 'details' },
};
export const ratings: App = {
  service: 'ratings',
  port: BOOKINFO_PORT,
  path: '/ratings/0',
  labels: { app: 'ratings' },
};
export const reviews: App = {
  service: 'reviews',
  port: BOOKINFO_PORT,
  path: '/reviews/0',
  labels: { app: 'reviews' },
  version: { pattern: '"podname":"reviews-(v\\d)-' },
};
/** bookinfo's page, whose only part that has versions is the reviews. */
export const productpage: App = {
  service: 'productpage',
  port: BOOKINFO_PORT,
  path: '/productpage',
  labels: { app: 'productpage' },
  version: { pattern: 'id="reviews-pod">reviews-(v\\d)-' },
  speaksFor: reviews,
};

/** tomcat and httpd behind one service. */
export const web: App = {
  service: 'web-svc',
  port: 8080,
  path: '/',
  labels: { 'app.kubernetes.io/part-of': 'web' },
  version: { pattern: '^hello (\\w+)' },
  versionLabel: 'app',
};

/** Answers each line with `one` (v1) or `two` (v2) before it. */
export const tcpEcho: App = {
  service: 'tcp-echo',
  port: 9000,
  path: '',
  labels: { app: 'tcp-echo' },
  protocol: 'tcp',
  version: { pattern: '^(\\w+) ' },
};

/** Says what it was asked: headers at `/headers`, the caller's address at `/ip`, any status at `/status/...`. It has one version. */
export const httpbin: App = { service: 'httpbin', port: 8000, path: '/get', labels: { app: 'httpbin' } };

/** The deployments behind an app, now. */
export async function circumstancesOf(kube: Kube, namespace: string, app: App): Promise<Circumstances> {
  const all = await deploymentsIn(kube, namespace);
  const those = (of: App) => Promise.all(behind(of, all).map((one) => workloadOf(kube, namespace, of, one)));
  const { service, speaksFor } = app;
  const own = await those(app);
  if (speaksFor === undefined) return { service, workloads: own };
  return { service, versionsOf: speaksFor.service, workloads: await those(speaksFor), own };
}

function behind({ labels }: App, all: readonly Deployment[]): readonly Deployment[] {
  const wanted = Object.entries(labels);
  return all.filter((deployment) => wanted.every(([key, value]) => deployment.labels[key] === value));
}

async function workloadOf(
  kube: Kube,
  namespace: string,
  { versionLabel = 'version' }: App,
  { name, labels, wanted, ready }: Deployment,
): Promise<Workload> {
  // Nobody is asked for what is not missed.
  const [fault] = wanted > 0 && ready === 0 ? await faultsIn(kube, { namespace, labels }) : [];
  return { name, version: labels[versionLabel] ?? '', wanted, ready, ...(fault === undefined ? {} : { fault }) };
}
