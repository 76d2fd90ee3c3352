import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Selection } from '../../mesh/kube/objects.ts';
import { RunGuard } from '../../mesh/guard/run-guard.ts';
import { Standstills } from '../../mesh/guard/standstills.ts';
import { complained, disturbed } from '../../mesh/guard/upshot.ts';
import { names } from '../../mesh/world/names.ts';
import type { Run } from '../../mesh/world/run.ts';
import { type Scratch, scratch } from '../fakes/scratch.ts';
import { panicOf, podOf, QuietMesh, refusedBy, ruleOf } from './quiet-mesh.ts';

const run: Run = { id: 'this-run', host: 'here', pid: 1 };
const ours = { [names.run]: run.id };
const room = (labels: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'istio-e2e-w0-room-1', labels },
});

/** In a mesh of the harness's own, unless it is said otherwise. */
const watchIn = (folder: Scratch, owned = true) => ({
  run,
  standstills: new Standstills(folder.at('standstills.jsonl')),
  owned,
});

/** What a run is charged with in which this happens. */
async function chargedWith(disturb: (mesh: QuietMesh) => unknown): Promise<readonly string[]> {
  await using folder = await scratch();
  const mesh = new QuietMesh();
  const guard = await RunGuard.begin(mesh.kube, watchIn(folder));
  disturb(mesh);
  const { changes, complaints, left } = await guard.end();
  return [...changes, ...complaints].map(({ text }) => text).concat(left);
}

test.each<[string, (mesh: QuietMesh) => unknown, readonly string[]]>([
  ['nothing', () => undefined, []],
  [
    'istiod replaced',
    (mesh) => {
      mesh.becomes('istiod-a', podOf('istio-system', 'istiod-b', 'istiod'));
    },
    ['pod istiod-a of istiod was replaced by istiod-b'],
  ],
  [
    'istiod begun anew',
    (mesh) => {
      mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 2));
    },
    ['discovery of pod istiod-a restarted 2 times (exit 137, OOMKilled)'],
  ],
  [
    'istiod that panicked',
    (mesh) => {
      mesh.lastWords = panicOf('panic: assignment to entry in nil map');
      mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
    },
    ['istiod in pod istiod-a crashed: panic: assignment to entry in nil map'],
  ],
  [
    'a gateway whose Envoy crashed',
    (mesh) => {
      mesh.lastWords = 'info\tADS terminated\nerror\tEnvoy exited with error: signal: segmentation fault\n';
      mesh.becomes('gateway-a', podOf('istio-system', 'gateway-a', 'gateway', 1));
    },
    ['the proxy of pod gateway-a crashed: signal: segmentation fault'],
  ],
  [
    'an Envoy that was killed',
    (mesh) => {
      mesh.lastWords = 'error\tEnvoy exited with error: signal: killed\n';
      mesh.becomes('gateway-a', podOf('istio-system', 'gateway-a', 'gateway', 1));
    },
    ['istio-proxy of pod gateway-a restarted (exit 137, OOMKilled)'],
  ],
  [
    'an error that names nobody',
    (mesh) => mesh.logs('\terror\tklog\tlost the lease'),
    ['istiod logged an error: klog lost the lease'],
  ],
  ["a refusal, which is a test's", (mesh) => mesh.logs(refusedBy('prober-a', 'no such filter')), []],
  [
    'a refusal of a kind that is counted without a name',
    (mesh) => mesh.counts('pilot_total_xds_rejects{type="sds"} 1'),
    ['a proxy refused its secrets'],
  ],
  [
    'a rule of this run left',
    (mesh) => mesh.rules.push(ruleOf('default', 'left', ours)),
    ['VirtualService default/left'],
  ],
  ["somebody else's rule", (mesh) => mesh.rules.push(ruleOf('default', 'theirs')), []],
  ['a room of this run left', (mesh) => mesh.namespaces.push(room(ours)), ['Namespace istio-e2e-w0-room-1']],
  ['a slot, which stays', (mesh) => mesh.namespaces.push(room({ ...ours, [names.slot]: '0' })), []],
])('a run is charged with %s', async (_, disturb, charges) => {
  expect(await chargedWith(disturb)).toEqual(charges);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('what a run is told of', () => {
  test('is not lost where the look that heard of it then fails', async () => {
    await using folder = await scratch();
    const mesh = new QuietMesh();
    const quiet = mesh.kube;
    let deaf = false;
    // The census asks for the pods of a namespace, istiod for its own by their label.
    const list = (asked: Selection) =>
      deaf && asked.kind === 'Pod' && asked.labels === undefined
        ? Promise.reject(new Error('reset'))
        : quiet.list(asked);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const kube = Object.assign(mesh.kube, { list });
    const guard = await RunGuard.begin(kube, watchIn(folder));
    mesh.logs('\terror\tklog\tlost the lease');
    deaf = true;
    await vi.advanceTimersByTimeAsync(10_000);
    deaf = false;
    const { complaints } = await guard.end();
    expect(complaints.map(({ text }) => text)).toEqual(['istiod logged an error: klog lost the lease']);
  });

  test('may lie further back in the log than a look at its end would reach', async () => {
    const charges = await chargedWith((mesh) => {
      mesh.logs('\terror\tklog\tlost the lease');
      for (let line = 0; line < 5_000; line += 1) mesh.logs('\tinfo\tads\tPush debounce stable');
    });
    expect(charges).toEqual(['istiod logged an error: klog lost the lease']);
  });
});

describe('a complaint of a run', () => {
  const long = new Date(Date.now() - 300_000).toISOString();
  const unexplainedAfter = async (
    disturb: (mesh: QuietMesh, standstills: Standstills) => unknown,
    mesh = new QuietMesh(),
  ) => {
    await using folder = await scratch();
    const standstills = new Standstills(folder.at('standstills.jsonl'));
    const guard = await RunGuard.begin(mesh.kube, { run, standstills, owned: true });
    disturb(mesh.logs('\terror\tklog\tlost the lease'), standstills);
    return (await guard.end()).unexplained.map(({ text }) => text);
  };
  const lost = 'istiod logged an error: klog lost the lease';

  test.each<[string, (mesh: QuietMesh) => unknown, readonly string[]]>([
    ['nothing', () => undefined, [lost]],
    [
      'a gateway that has just been replaced',
      (mesh) => {
        mesh.becomes('gateway-a', podOf('istio-system', 'gateway-b', 'gateway'));
      },
      [],
    ],
    [
      'one that was replaced long ago',
      (mesh) => {
        mesh.becomes('gateway-a', podOf('istio-system', 'gateway-b', 'gateway', 0, long));
      },
      [lost],
    ],
    ['one that has just gone', (mesh) => mesh.pods.splice(1, 1), []],
  ])('is explained by %s, or is not', async (_, disturb, unexplained) => {
    expect(await unexplainedAfter(disturb)).toEqual(unexplained);
  });

  const another = podOf('istio-system', 'gateway-b', 'gateway');
  test.each([
    ['is', 'nobody of its kind is left', [], []],
    ['is not', 'another of its kind is', [another], [lost]],
  ])('%s explained by one that was gone five minutes before, where %s', async (_is, _where, others, unexplained) => {
    const mesh = new QuietMesh();
    mesh.pods.push(...others);
    const goes = (there: QuietMesh, standstills: Standstills) => {
      standstills.firstSeen('pod gateway-a of gateway is gone, and nothing came in its place', Date.parse(long));
      there.pods.splice(1, 1);
    };
    expect(await unexplainedAfter(goes, mesh)).toEqual(unexplained);
  });

  test('is explained by a jump of the clock', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await unexplainedAfter(() => vi.setSystemTime(Date.now() + 7_200_000))).toEqual([]);
  });

  test('a panic of istiod is not, by a gateway that was replaced five minutes before', async () => {
    const panic = 'istiod in pod istiod-a crashed: panic: nil map';
    const seen = await unexplainedAfter((mesh) => {
      mesh.lastWords = panicOf('panic: nil map');
      mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
      mesh.becomes('gateway-a', podOf('istio-system', 'gateway-b', 'gateway', 0, long));
    });
    expect(seen).toEqual([panic, lost]);
  });
});

test('what disturbed is a matter of the environment, and says what the test itself said', () => {
  const error = disturbed('During this run', ['istiod was replaced'], 'not split v1 50 %');
  expect(error).toMatchObject({ code: 'MESH_DISTURBED', blame: 'environment' });
  expect(error.message).toContain('istiod was replaced');
  expect(error.message).toContain('the test itself says: not split v1 50 %');
});

test('what was complained of comes before what was left', () => {
  expect(complained(['a refusal', 'an error'], ['VirtualService left']).message.split('\n')).toEqual([
    'a refusal',
    '  an error',
    '  left behind: VirtualService left',
  ]);
});

describe('in a mesh that others have their own in', () => {
  const after = async (disturb: (mesh: QuietMesh) => unknown) => {
    await using folder = await scratch();
    const mesh = new QuietMesh();
    mesh.pods.push(podOf('istio-system', 'gateway-b', 'gateway'), podOf('istio-system', 'kiali-1', 'kiali'));
    const guard = await RunGuard.begin(mesh.kube, watchIn(folder, false));
    disturb(mesh);
    const { changes, complaints, ofOthers } = await guard.end();
    return { charges: [...changes, ...complaints].map(({ text }) => text), ofOthers };
  };

  test.each<[string, string]>([
    ['a proxy of theirs that refused', '\twarn\tdelta\tADS:LDS: ACK ERROR checkout-1.shop-12 Internal:no such filter'],
    ['an error that names nobody of ours', '\terror\tmodel\tFailed to fetch public key from https://idp.shop.example'],
  ])('%s is told, and charges nobody', async (_, words) => {
    const { charges, ofOthers } = await after((mesh) => mesh.logs(words));
    expect(charges).toEqual([]);
    expect(ofOthers).toHaveLength(1);
  });

  test.each<[string, string]>([
    ["a proxy of Istio's own that refused", '\twarn\tdelta\tADS:LDS: ACK ERROR gateway-a.istio-system-12 Internal:why'],
    ['an error that names a rule of ours', '\terror\tmodel\tcannot read istio-e2e-x/nodebook'],
  ])('%s charges the run', async (_, words) => {
    expect((await after((mesh) => mesh.logs(words))).charges).toHaveLength(1);
  });

  test('a gateway of several that they took away charges nobody, and their own pods beside istiod do not', async () => {
    const { charges } = await after((mesh) => {
      mesh.pods.splice(1, 1);
      mesh.pods.pop();
    });
    expect(charges).toEqual([]);
  });
});
