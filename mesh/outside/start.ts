import { GenericContainer, Wait } from 'testcontainers';
import { newAuthority } from '../certificate/authority.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { loopback } from '../prober/loopback.ts';
import type { Run } from '../world/run.ts';
import { labels } from './leftovers.ts';
import { Site } from './site.ts';

const RECEPTION_PORT = 8099;
const STARTUP_LIMIT = 30_000;
/** Every name that a test may give the server is one label below this. */
const ALL_HOSTS = '*.example.test';

/** A server that no cluster knows of, on the network of a cluster's nodes. */
export interface OutsideWorld extends AsyncDisposable {
  /** A server with an empty book, under names of its own. */
  newSite(): Promise<Site>;
}

/** Starts it from the image that was built for it; its certificates are of an authority that was never there before. */
export async function startOutsideWorld(image: string, network: string, run: Run): Promise<OutsideWorld> {
  const authority = await newAuthority('istio-e2e outside');
  const { certificate, key } = await authority.issue(ALL_HOSTS);
  const container = await starting(
    new GenericContainer(image)
      .withNetworkMode(network)
      .withLabels({ [labels.outside]: 'server', [labels.run]: JSON.stringify(run) })
      // Its helper for that is an image to be pulled; the labels say what may be removed.
      .withAutoCleanup(false)
      .withCopyContentToContainer([
        { content: certificate, target: '/run/outside/tls.crt' },
        { content: key, target: '/run/outside/tls.key' },
      ])
      .withExposedPorts(RECEPTION_PORT)
      .withWaitStrategy(Wait.forHttp('/healthz', RECEPTION_PORT))
      .withStartupTimeout(STARTUP_LIMIT),
  );
  const reception = loopback(container.getMappedPort(RECEPTION_PORT));
  const address = container.getIpAddress(network);
  const newSite = async () => {
    const site = new Site(address, reception, authority.certificate);
    await site.forget();
    return site;
  };
  const dispose = async () => {
    await reception[Symbol.asyncDispose]();
    await container.stop({ timeout: 0, remove: true, removeVolumes: true });
  };
  return { newSite, [Symbol.asyncDispose]: dispose };
}

async function starting(container: GenericContainer): ReturnType<GenericContainer['start']> {
  try {
    return await container.start();
  } catch (cause) {
    throw new HarnessError({
      code: 'OUTSIDE_SERVER_NOT_STARTED',
      blame: 'environment',
      doing: 'Starting the server outside the cluster',
      seen: messageOf(cause),
      next: 'see whether the engine runs and has the image (`npm run deploy` builds it)',
      cause,
    });
  }
}
