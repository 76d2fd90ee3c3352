import { existsSync } from 'node:fs';
import { ownedClusters } from '../cluster/kind-node.ts';
import { ask } from '../command.ts';
import { reachEngine } from '../engine/engine.ts';
import { HarnessError } from '../errors.ts';
import { cacheRoot } from '../paths.ts';
import { chooseSource, type Wish } from '../source/choose.ts';
import { hasPrograms } from '../source/packages/go.ts';
import { type Check, fine } from './check.ts';
import { capabilities, cgroups, kernel, platform } from './kernel.ts';
import { inotify } from './inotify.ts';
import { disks, memory } from './resources.ts';
import { proxies } from './proxies.ts';
import { neighbours } from './neighbours.ts';
import { baseSystem, browser, engine, go, python } from './tools.ts';

/** GiB that a run still writes: the first from packages compiles (Go's caches) and keeps programs and a root file system. */
const FIRST_BUILD = 14;
/** Also where it is the first of another release, which is a whole build with Go's caches warm. */
const LATER_BUILD = 2;
const LATER_IMAGES = 1;
const ENGINE_IMAGES = 6;

/**
 * Looks at everything a run depends on, and changes nothing.
 *
 * @param cluster the kind cluster of the harness that the run will work on, if it is one
 */
export async function examine(wish: Wish, cluster?: string): Promise<readonly Check[]> {
  const found = await reachEngine();
  const said: string[] = [];
  const source = await chooseSource(
    wish,
    Object.assign(() => undefined, { note: (what: string) => said.push(what) }),
  );
  const needed = source.name === 'packages' && !(await hasPrograms()) ? FIRST_BUILD : LATER_BUILD;
  return [
    platform(),
    engine(found),
    await kernel(),
    cgroups(found),
    await capabilities(),
    await inotify(),
    memory(),
    ...(await disks([
      { who: 'cache', path: cacheRoot, gib: needed },
      ...(found === undefined || !existsSync(found.dataRoot)
        ? []
        : [{ who: 'engine', path: found.dataRoot, gib: (await hasNodeImage()) ? LATER_IMAGES : ENGINE_IMAGES }]),
    ])),
    await go(source.name),
    await python(source.name),
    await baseSystem(source.name),
    await browser(),
    proxies(),
    ...(found === undefined ? [] : [neighbours(await ownedClusters('running'), cluster)]),
    fine('images', said.join('; ')),
  ];
}

/** Whether the largest of the images has ever been made or pulled here. */
async function hasNodeImage(): Promise<boolean> {
  const named = ['istio-e2e/node', 'kindest/node'].flatMap((name) => ['--filter', `reference=${name}`]);
  return ((await ask('docker', ['image', 'ls', '-q', ...named])) ?? '') !== '';
}

/** @throws HarnessError MACHINE_LACKS that lists what has to be mended, if anything has */
export function demandFit(checks: readonly Check[]): void {
  const missing = checks.filter(({ verdict }) => verdict === 'lacks');
  if (missing.length === 0) return;
  throw new HarnessError({
    code: 'MACHINE_LACKS',
    blame: 'environment',
    doing: 'Examining this machine',
    seen: missing.map(({ about, seen }) => `${about}: ${seen}`).join('; '),
    next: missing.map(({ about, remedy = '' }) => `${about}: ${remedy}`).join('\n    '),
  });
}

/** One line a check, its remedy below it where there is one. */
export function inLines(checks: readonly Check[]): string {
  const mark = { fine: 'ok  ', limits: 'note', lacks: 'FAIL' };
  const width = Math.max(...checks.map(({ about }) => about.length));
  return checks
    .map(({ about, verdict, seen, remedy }) => {
      const first = `  ${mark[verdict]}  ${about.padEnd(width)}  ${seen}`;
      return remedy === undefined ? first : `${first}\n${' '.repeat(width + 10)}-> ${remedy}`;
    })
    .join('\n');
}
