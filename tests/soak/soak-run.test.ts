import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { type Play, play } from '../../scripts/play.ts';
import { SoakRun } from '../../scripts/soak-run.ts';
import { scratch } from '../fakes/scratch.ts';
import { cluster } from '../kube/api-server.ts';
import { subject } from './entries.ts';

vi.mock(import('../../scripts/play.ts'), async (original) => ({ ...(await original()), play: vi.fn() }));

const CACHE = 'PLAYWRIGHT_TRANSFORM_CACHE_DIR';

/** What a run of a soak is given. */
async function played(report: string): Promise<Play> {
  await using there = await cluster(({ path }) => {
    if (path === '/apis') return { status: 200, body: { groups: [] } };
    return { status: 200, body: { metadata: { uid: 'one' }, items: [] } };
  });
  const orders: Play[] = [];
  vi.mocked(play).mockImplementation(async (order) => {
    orders.push(order);
    await writeFile(join(order.report, 'results.json'), '{}');
    return { passed: 1, failed: 0, skipped: 0, notReached: 0, exitCode: 0 };
  });
  const soaking = { handle: '', subject, report, args: [], env: { MINE: 'kept' } };
  const soak = await SoakRun.begin(there.kube, soaking, undefined);
  expect(await soak.run(1, { order: '7-1', workers: 2 })).toMatchObject({ verdict: 'green', left: [] });
  return orders[0] as Play;
}

test('what a run of a soak leaves of temporary files is its own, and not what Playwright keeps for all of them', async () => {
  await using report = await scratch();
  const { [CACHE]: cache, TMPDIR: temporary, ...others } = (await played(report.path)).env ?? {};
  expect(temporary?.startsWith(report.at(''))).toBe(true);
  expect(cache?.startsWith(projectRoot)).toBe(true);
  expect(others).toEqual({ MINE: 'kept' });
});

test('Playwright still knows the variable that says where it keeps what it makes of sources', async () => {
  const folder = join(projectRoot, 'node_modules', 'playwright', 'lib');
  const sources = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(sources.map((name) => readFile(join(folder, name), 'utf8')));
  expect(texts.some((text) => text.includes(`process.env.${CACHE}`))).toBe(true);
});
