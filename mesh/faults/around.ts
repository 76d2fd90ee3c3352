import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../command.ts';
import { scaleForNow } from '../mutants/scale.ts';
import { converge } from '../waiting/converge.ts';
import { type Fault, mended, type Scene } from './fault.ts';
import { insist } from './insist.ts';

const doing = 'Injecting a fault';
const REPORT_MIB = 16;
const patience = { within: 180_000, stalled: 120_000, every: 500 };

export const dnsBroken: Fault = {
  id: 'dns-broken',
  says: 'CoreDNS has no pod any more',
  grep: '@T05|@T06|@T01',
  seen: /coredns|DNS/i,
  strike: ({ kube }) => scaleForNow(kube, { namespace: 'kube-system', name: 'coredns', to: 0 }, patience),
};

/** A small file system for what the run reports, so that nothing else is in want of room. */
export const diskFull: Fault = {
  id: 'disk-full',
  says: 'there is no room left where the run reports',
  grep: '@T05|@T11',
  seen: /no space|no room|ENOSPC/i,
  prepare: async ({ report }) => {
    await mkdir(report, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${REPORT_MIB}m`, 'istio-e2e-small', report], {
      doing,
      next: 'run this as root, or leave this fault out: --grep',
    });
    return () => insist('umount', [report]);
  },
  strike: async ({ report }) => {
    await pipeline(zeros(), createWriteStream(join(report, 'filler'))).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    });
    const { bavail } = await statfs(report);
    if (bavail > 0) throw new Error(`There is still room in ${report}.`);
    return mended;
  },
};

function* zeros(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}

const trigger = ({ report }: Scene) => `${report}.jump`;
/** Written by each process whose clock has jumped. */
const jumped = (scene: Scene) => `${trigger(scene)}ed`;

/** Only the harness's own processes see it: the cluster keeps its time. */
export const clockJumps: Fault = {
  id: 'clock-jumps',
  says: "the harness's own clock jumps two hours ahead",
  grep: '@T05|@S04',
  seen: /clock/,
  env: (scene) => ({
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${fileURLToPath(new URL('jumping-clock.ts', import.meta.url))}`,
    ISTIO_E2E_CLOCK_JUMPS_AT: trigger(scene),
  }),
  prepare: async (scene) => {
    const removed = async () => {
      await Promise.all([trigger(scene), jumped(scene)].map((file) => rm(file, { force: true })));
    };
    await removed();
    return removed;
  },
  strike: async (scene) => {
    await writeFile(trigger(scene), '');
    const look = () => Promise.resolve(existsSync(jumped(scene)));
    const { held } = await converge(look, (seen) => seen, { within: 5_000, every: 50 });
    if (!held) throw new Error('No process of the run has seen its clock jump: NODE_OPTIONS did not reach it.');
    return mended;
  },
};
