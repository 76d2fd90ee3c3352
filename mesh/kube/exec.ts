import { Writable } from 'node:stream';
import type { V1Status } from '@kubernetes/client-node';
import { HarnessError } from '../errors.ts';
import type { Context } from './credentials.ts';

export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const LIMIT_MILLIS = 20_000;

/**
 * Runs a program in a container and returns what it printed, as `kubectl exec` does. For single looks: traffic that is measured goes
 * through the prober.
 */
export async function runInPod(context: Context, place: Place, command: readonly string[]): Promise<string> {
  const { Exec, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(context.kubeconfig);
  config.setCurrentContext(context.context);
  const [out, err] = [collecting(), collecting()];
  const { namespace, pod, container } = place;
  // The status comes after everything that was printed, on the same socket.
  const ended = Promise.withResolvers<V1Status>();
  // Told to whoever waits, who may not have come to it yet.
  ended.promise.catch(() => undefined);
  const limit = AbortSignal.timeout(LIMIT_MILLIS);
  limit.addEventListener('abort', () => {
    ended.reject(new Error(`no end within ${LIMIT_MILLIS / 1000} s`));
  });
  try {
    const connecting = new Exec(config).exec(
      namespace,
      pod,
      container,
      [...command],
      out.stream,
      err.stream,
      null,
      false,
      ended.resolve,
    );
    // Nothing ends before there is a connection, but for the time.
    const inTime = Promise.race([connecting, ended.promise.then(() => connecting)]);
    const socket = await inTime.catch((cause: unknown) => {
      // One that comes too late is nobody's.
      connecting.then(
        (late) => {
          late.close();
        },
        () => undefined,
      );
      throw cause;
    });
    socket.onclose = () => {
      ended.reject(new Error('the connection was closed before the program had ended'));
    };
    const status = await ended.promise.finally(() => {
      socket.close();
    });
    if (status.status === 'Success') return out.text();
    throw new Error(`${status.message ?? 'it failed'} ${err.text().slice(0, 300)}`);
  } catch (cause) {
    throw failed(place, command, cause);
  }
}

function collecting(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

function failed({ namespace, pod, container }: Place, command: readonly string[], cause: unknown): HarnessError {
  return new HarnessError({
    code: 'EXEC_FAILED',
    blame: 'environment',
    doing: `Running \`${command.join(' ')}\` in container ${container} of ${namespace}/${pod}`,
    seen: cause instanceof Error ? cause.message : 'the API server refused the connection',
    next: 'see whether the container is running, and whether its image has that program',
    cause,
  });
}
