import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { ask, pipe, run } from '../../command.ts';
import { HarnessError } from '../../errors.ts';
import { cacheRoot } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { converge } from '../../waiting/converge.ts';
import { hashFile, hashTree, nameOf } from '../hash.ts';
import type { NamedImage } from '../source.ts';
import type { ClusterPrograms } from './go.ts';
import { buildImage, dockerfile, hasImage, programParts } from './image.ts';

/** With the cache it is made for: under that one's lock nobody else bakes. */
const BAKING = `istio-e2e.dev/baking=${cacheRoot}`;

/**
 * The image that kind boots: kind's own files, Kubernetes and containerd, and inside it the images a cluster and its mesh need, so
 * that nothing is pulled or loaded afterwards.
 */
export async function buildNodeImage(
  parts: {
    readonly base: string;
    readonly programs: ClusterPrograms;
    readonly kubernetes: string;
    readonly pause: string;
    readonly baked: readonly NamedImage[];
  },
  say: Say,
): Promise<string> {
  const { base, programs, kubernetes, pause, baked } = parts;
  const system = await buildImage(
    {
      repository: 'istio-e2e/node-os',
      dockerfile: dockerfile('node-os'),
      context: {},
      args: { BASE: base },
      network: true,
    },
    say,
  );
  const conflist = fileURLToPath(new URL('images/10-istio-e2e.conflist', import.meta.url));
  const empty = await buildImage(
    {
      repository: 'istio-e2e/node-empty',
      dockerfile: dockerfile('node'),
      context: {
        'kind-files': { path: programs.kindFiles, hash: await hashTree(programs.kindFiles) },
        ...programParts('usr-bin', programs, ['kubelet', 'kubeadm', 'kubectl']),
        ...programParts('usr-local-bin', programs, ['containerd', 'ctr', 'containerd-shim-runc-v2']),
        ...programParts('cni-bin', programs, ['ptp', 'host-local', 'portmap', 'loopback']),
        '10-istio-e2e.conflist': { path: conflist, hash: await hashFile(conflist) },
      },
      args: { BASE: system, KUBERNETES: `v${kubernetes}`, PAUSE: pause },
    },
    say,
  );
  return bake(empty, baked, say);
}

async function bake(empty: string, baked: readonly NamedImage[], say: Say): Promise<string> {
  const node = `istio-e2e/node:${nameOf(empty, ...baked.map(({ reference, name }) => `${name}=${reference}`))}`;
  if (await hasImage(node)) return node;
  await removeUnfinished();
  say(`putting ${baked.length} images into the node image`);
  const doing = 'Putting images into the node image';
  const container = await run('docker', ['run', '-d', '--label', BAKING, '--entrypoint', 'sleep', empty, 'infinity'], {
    doing,
  });
  try {
    await importInto(container, baked);
    const entrypoint = 'ENTRYPOINT ["/usr/local/bin/entrypoint","/sbin/init"]';
    await run('docker', ['commit', '--change', entrypoint, container, node], {
      doing,
    });
  } finally {
    // Detached and not to be cancelled: this also has to happen when the bake was interrupted.
    await execa('docker', ['rm', '-f', container], { reject: false, timeout: 60_000, detached: true });
  }
  return node;
}

/** containerd needs no privileges as long as it only takes the archive in and unpacks nothing. */
async function importInto(container: string, baked: readonly NamedImage[]): Promise<void> {
  const doing = 'Importing images into the node image';
  const inside = (...command: readonly string[]) => ['exec', '-i', container, ...command];
  await run('docker', ['exec', '-d', container, 'containerd'], { doing });
  const answers = () => ask('docker', inside('ctr', 'version'));
  const started = await converge(answers, (answer) => answer !== undefined, { every: 100, within: 30_000 });
  if (!started.held) throw notBaked('containerd does not answer in it', started.millis);
  await pipe(
    ['docker', 'save', ...baked.map(({ reference }) => reference)],
    [
      'docker',
      ...inside('ctr', '-n', 'k8s.io', 'images', 'import', '--all-platforms', '--no-unpack', '--digests', '-'),
    ],
    { doing },
  );
  for (const { reference, name } of baked) {
    await run('docker', inside('ctr', '-n', 'k8s.io', 'images', 'tag', '--force', `docker.io/${reference}`, name), {
      doing,
    });
  }
  await run('docker', inside('pkill', '-TERM', 'containerd'), { doing });
  // Its exit code is no answer: it fails for "none" as for "could not ask".
  const left = () => run('docker', inside('sh', '-c', 'pgrep -c -x containerd || true'), { doing });
  const ended = await converge(left, (count) => count.trim() === '0', { every: 100, within: 30_000 });
  if (!ended.held) throw notBaked('containerd does not end in it', ended.millis);
}

function notBaked(seen: string, afterMillis: number): HarnessError {
  const doing = 'Putting images into the node image';
  return new HarnessError({
    code: 'NOT_BAKED',
    blame: 'environment',
    doing,
    seen,
    afterMillis,
    next: 'run this again',
  });
}

/** A bake that was cut off leaves its container. */
export async function removeUnfinished(): Promise<void> {
  const left = await run('docker', ['ps', '-aq', '--filter', `label=${BAKING}`], {
    doing: 'Looking for unfinished builds',
  });
  const containers = left.split('\n').filter((id) => id !== '');
  if (containers.length > 0) await run('docker', ['rm', '-f', ...containers], { doing: 'Removing unfinished builds' });
}
