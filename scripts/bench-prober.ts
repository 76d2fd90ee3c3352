import type { ClusterHandle } from '../mesh/cluster/handle.ts';
import { connect } from '../mesh/kube/kube.ts';
import { type Pod, readyPodsOf } from '../mesh/kube/pods.ts';
import { Prober, PROBER_PORT } from '../mesh/prober/client.ts';
import type { Say } from '../mesh/say.ts';
import { slotName } from '../mesh/world/names.ts';

const REQUESTS = 20_000;
const CONNECTIONS = 16;

export interface Rate {
  readonly what: string;
  readonly perSecond: number;
  readonly p99Millis: number;
}

/** Requests per second that the probers reach in the first slot, over 16 kept connections, with nothing else to do. */
export async function proberRates(handle: ClusterHandle, say: Say): Promise<readonly Rate[]> {
  const kube = await connect(handle);
  const namespace = slotName(0);
  const pods = await readyPodsOf(kube, { namespace });
  const by = (app: string): Pod | undefined => pods.find(({ labels }) => labels['app'] === app);
  const rate = async (what: string, app: string, target: string): Promise<Rate> => {
    say(what);
    const prober = new Prober(kube.pod(namespace, by(app)?.name ?? app, PROBER_PORT));
    const order = { target, concurrency: CONNECTIONS };
    // The first requests of a process run before its compiler has warmed up.
    await prober.send({ ...order, count: REQUESTS / 4 });
    const { ratePerSecond, millis } = await prober.send({ ...order, count: REQUESTS });
    return { what, perSecond: ratePerSecond, p99Millis: millis.p99 };
  };
  try {
    return [
      // A gateway's pod redirects nothing, so neither end of this has a proxy.
      await rate(
        'no sidecar at either end',
        'prober-plain',
        `http://${by('ingress')?.ip ?? ''}:${PROBER_PORT}/healthz`,
      ),
      await rate('a sidecar at the server', 'prober-plain', 'http://nodebook:3000/version'),
      await rate('a sidecar at both ends', 'prober', 'http://nodebook:3000/version'),
    ];
  } finally {
    await kube.close();
  }
}
