import { expect, test } from 'vitest';
import { SlotGuard } from '../../mesh/guard/slot-guard.ts';
import { Standstills } from '../../mesh/guard/standstills.ts';
import { scratch } from '../fakes/scratch.ts';
import { panicOf, podOf, QuietMesh } from './quiet-mesh.ts';

const slot = 'istio-e2e-w0';
const panicked = 'istiod in pod istiod-a crashed: panic: no host';

const istiodPanics = (mesh: QuietMesh) => {
  mesh.lastWords = panicOf('panic: no host');
  mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
};
const istiodKilled = (mesh: QuietMesh) => {
  mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
};
const gatewayCrashes = (mesh: QuietMesh) => {
  mesh.lastWords = 'error\tEnvoy exited with error: signal: aborted\n';
  mesh.becomes('gateway-a', podOf('istio-system', 'gateway-a', 'gateway', 1));
};

/** What explains a red test in whose middle, or so many seconds before which, this happens. */
async function seenOf(happens: (mesh: QuietMesh) => unknown, secondsBefore = 0) {
  await using folder = await scratch();
  const mesh = new QuietMesh();
  const guard = await SlotGuard.begin(mesh.kube, slot, undefined, new Standstills(folder.at('standstills.jsonl')));
  const { date, pulse } = guard.now();
  const began = { date: new Date(date.getTime() + secondsBefore * 1_000), pulse };
  happens(mesh);
  const { crashes, changes } = await guard.crashes(await guard.upheaval(began), began);
  guard.end();
  const texts = (all: readonly { readonly text: string }[]) => all.map(({ text }) => text);
  return { crashes: texts(crashes), changes: texts(changes) };
}

test.each<[string, (mesh: QuietMesh) => unknown, Awaited<ReturnType<typeof seenOf>>]>([
  ['istiod panics', istiodPanics, { crashes: [panicked], changes: [] }],
  [
    'istiod is killed',
    istiodKilled,
    { crashes: [], changes: ['discovery of pod istiod-a restarted (exit 137, OOMKilled)'] },
  ],
  [
    "a gateway's Envoy crashes",
    gatewayCrashes,
    { crashes: ['the proxy of pod gateway-a crashed: signal: aborted'], changes: [] },
  ],
])('%s', async (_, happens, seen) => {
  expect(await seenOf(happens)).toEqual(seen);
});

test('a panic shortly before a test says when it was', async () => {
  const { crashes } = await seenOf(istiodPanics, 30);
  expect(crashes).toEqual([expect.stringMatching(/^(?:29|30) s before this test istiod in pod istiod-a crashed: /)]);
});

test('a panic of long ago explains nothing', async () => {
  expect(await seenOf(istiodPanics, 120)).toEqual({ crashes: [], changes: [] });
});

test('who went without an heir is of the time when the run first missed them, unless nobody is left', async () => {
  await using folder = await scratch();
  const standstills = new Standstills(folder.at('standstills.jsonl'));
  const gone = 'pod gateway-a of gateway is gone, and nothing came in its place';
  const seenBy = async (firstSeen: number, others: number) => {
    const mesh = new QuietMesh();
    for (let index = 0; index < others; index += 1)
      mesh.pods.push(podOf('istio-system', `gateway-${index}`, 'gateway'));
    standstills.forget();
    standstills.firstSeen(gone, firstSeen);
    const guard = await SlotGuard.begin(mesh.kube, slot, undefined, standstills);
    mesh.pods.splice(1, 1);
    const changes = await guard.upheaval(guard.now());
    guard.end();
    return changes.map(({ text }) => text.replace(/^\d+ s/, 'N s'));
  };
  expect(await seenBy(Date.now() - 30_000, 1)).toEqual([`N s before this test ${gone}`]);
  expect(await seenBy(Date.now() - 600_000, 1)).toEqual([]);
  expect(await seenBy(Date.now() - 600_000, 0)).toEqual([gone]);
});
