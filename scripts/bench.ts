import { mkdir, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { ClusterHandle } from '../mesh/cluster/handle.ts';
import { KindProvider } from '../mesh/cluster/kind.ts';
import { kindConfig } from '../mesh/cluster/kind-config.ts';
import { run } from '../mesh/command.ts';
import { hasSysResource } from '../mesh/engine/capabilities.ts';
import { settingsFiles } from '../mesh/istio/install.ts';
import { clusterPath } from '../mesh/paths.ts';
import { quiet } from '../mesh/say.ts';
import { readContents } from '../mesh/world/contents.ts';
import { proberRates, type Rate } from './bench-prober.ts';
import { main } from './command.ts';
import { type ClusterOptions, type VersionOptions, withVersions } from './options.ts';
import { Progress } from './progress.ts';
import { bringUp, deployApps, loadApps, lock, prepare, type Supplies } from './steps.ts';

const FLOOR = 'istio-e2e-floor';
const doing = 'Measuring the floor';

const command = withVersions(
  new Command('bench').description(
    'Phase times of the harness beside those of the bare tools, measured in the same run',
  ),
);

await main(
  command.action(async (given: VersionOptions) => {
    // A cluster of its own: what is up stays as it is.
    const options: ClusterOptions = { ...given, cluster: 'istio-e2e-bench' };
    using _ = lock(options);
    const provider = new KindProvider(options.cluster);
    const floorProvider = new KindProvider(FLOOR);
    await provider.remove(quiet);
    await floorProvider.remove(quiet);
    const supplies = await prepare(options, new Progress());
    try {
      const ours = new Progress();
      const handle = await measureHarness(options, ours);
      const rates = await ours.phase('prober', (say) => proberRates(handle, say));
      await provider.remove(quiet);
      const floor = new Progress();
      await measureFloor(supplies, handle, floor);
      console.log(`\n${table(ours, floor)}\n\n${rates.map(inWords).join('\n')}`);
    } finally {
      await floorProvider.remove(quiet);
      await provider.remove(quiet);
    }
  }),
);

async function measureHarness(options: ClusterOptions, progress: Progress): Promise<ClusterHandle> {
  const handle = await bringUp(options, progress);
  await progress.phase('load', (say) => loadApps(handle, say));
  return deployApps(options, 1, progress);
}

/** The same image, settings and manifests, with nothing of the harness around them. It goes second, with warm disks. */
async function measureFloor(supplies: Supplies, ours: ClusterHandle, progress: Progress): Promise<void> {
  const kubeconfig = clusterPath(FLOOR, 'kubeconfig');
  const floor = { ...ours, name: FLOOR, kubeconfig, context: `kind-${FLOOR}` };
  await progress.phase('cluster', () => createPlainly(supplies, kubeconfig));
  await progress.phase('Istio', () => installPlainly(supplies, floor));
  await progress.phase('load', (say) => loadApps(floor, say));
  await progress.phase('apps', () => applyPlainly(floor));
}

async function createPlainly({ engine, source, binaries, node }: Supplies, kubeconfig: string): Promise<void> {
  // By its mark the harness knows it for its own, also when a run of this was killed.
  const owner = clusterPath(FLOOR, 'owner');
  await mkdir(owner, { recursive: true });
  const config = clusterPath(FLOOR, 'kind.yaml');
  const facts = {
    cgroupVersion: engine.cgroupVersion,
    sysResource: await hasSysResource(),
    ownNetwork: source.ownNetwork,
  };
  await writeFile(config, kindConfig(FLOOR, owner, facts, quiet));
  const args = ['create', 'cluster', '--name', FLOOR, '--image', node, '--config', config, '--kubeconfig', kubeconfig];
  // An engine that was told to make a container makes it: what removes it comes after that.
  await run(binaries.kind, [...args, '--wait', '2m'], { doing, shielded: true });
}

async function installPlainly(
  { source, istio }: Supplies,
  { istioctl, kubeconfig, context }: ClusterHandle,
): Promise<void> {
  const files = settingsFiles(source).flatMap((file) => ['-f', file]);
  const images = istio.hub === undefined ? [] : ['--set', `hub=${istio.hub}`, '--set', `tag=${istio.tag}`];
  await run(istioctl, ['install', '-y', '--kubeconfig', kubeconfig, '--context', context, ...files, ...images], {
    doing,
  });
}

async function applyPlainly(handle: ClusterHandle): Promise<void> {
  const kubectl = [
    'exec',
    '-i',
    `${FLOOR}-control-plane`,
    'kubectl',
    '--kubeconfig',
    '/etc/kubernetes/admin.conf',
    '-n',
    'floor',
  ];
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'floor', labels: { 'istio-injection': 'enabled' } },
  };
  const apps = (await readContents(handle)).objectsFor('floor', {});
  for (const items of [[namespace], apps]) {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await run('docker', [...kubectl, 'apply', '-f', '-'], { doing, input });
  }
  await run('docker', [...kubectl, 'wait', '--for=condition=Available', 'deployment', '--all', '--timeout=3m'], {
    doing,
  });
}

function inWords({ what, perSecond, p99Millis }: Rate): string {
  return `  prober, ${what.padEnd(26)}${perSecond.toFixed(0).padStart(8)} requests/s, p99 ${p99Millis.toFixed(1)} ms`;
}

function table(ours: Progress, floor: Progress): string {
  const floors = new Map(floor.times.map(({ name, seconds }) => [name, seconds]));
  const rows = ours.times.map(({ name, seconds }) => {
    const least = floors.get(name);
    const ratio = least === undefined ? '' : (seconds / least).toFixed(2);
    return [name, seconds.toFixed(1), least?.toFixed(1) ?? '', ratio] as const;
  });
  const line = ([name, own, least, ratio]: readonly [string, string, string, string]) =>
    `  ${name.padEnd(10)}${own.padStart(10)}${least.padStart(10)}${ratio.padStart(8)}`;
  return [line(['phase', 'harness s', 'floor s', 'ratio']), ...rows.map(line)].join('\n');
}
