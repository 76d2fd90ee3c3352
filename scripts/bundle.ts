import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { cleaner, secretsIn } from '../mesh/bundle/clean.ts';
import { fromCluster } from '../mesh/bundle/from-cluster.ts';
import { fromMachine } from '../mesh/bundle/from-machine.ts';
import { fromReport } from '../mesh/bundle/from-report.ts';
import { pack } from '../mesh/bundle/pack.ts';
import { type Piece, takeAll } from '../mesh/bundle/piece.ts';
import { type ClusterHandle, readHandle } from '../mesh/cluster/handle.ts';
import { connect } from '../mesh/kube/kube.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';
import { type ClusterOptions, recordName, withCluster } from './options.ts';
import { handlePath } from './steps.ts';
import { messageOf } from '../mesh/errors.ts';

interface BundleOptions extends ClusterOptions {
  readonly report: string;
  readonly output?: string;
}

const command = withCluster(
  new Command('bundle').description('Makes one file that can be attached to a bug report, without secrets'),
)
  .option('--report <folder>', 'the report that belongs to it', join(projectRoot, 'report'))
  .option('--output <file>', 'where it goes (default: bundle-TIME.tar.gz in --report)');

await main(
  // No lock: it is wanted while a run hangs, and changes nothing.
  command.action(async (options: BundleOptions) => {
    const { report } = options;
    const name = `bundle-${new Date().toISOString().slice(0, 19).replaceAll(/\W/g, '')}`;
    const file = options.output ?? join(report, `${name}.tar.gz`);
    const path = handlePath(options);
    const handle = existsSync(path) ? await readHandle(path) : undefined;
    const clean = cleaner(handle === undefined ? [] : await secretsIn(handle.kubeconfig).catch(() => []));
    const pieces = [
      ...fromMachine(handle, recordName(options)),
      ...(await fromReport(report)),
      ...(handle === undefined ? [silent('no cluster was brought up under this name')] : await asked(handle)),
    ];
    const taken = await takeAll(pieces, clean);
    await pack(taken, file, name);
    const missing = taken.filter((one) => one.missing !== undefined);
    for (const one of missing) console.log(`could not be had: ${one.path}: ${one.missing ?? ''}`);
    const { size } = await stat(file);
    console.log(`${file}: ${taken.length - missing.length} files, ${(size / 1024 ** 2).toFixed(1)} MiB`);
  }),
);

async function asked(handle: ClusterHandle): Promise<readonly Piece[]> {
  try {
    return await fromCluster(await connect(handle), handle);
  } catch (error) {
    return [silent(messageOf(error))];
  }
}

function silent(why: string): Piece {
  return { path: 'cluster/nothing.txt', take: () => Promise.reject(new Error(why)) };
}
