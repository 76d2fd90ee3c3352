import { expect, test, vi } from 'vitest';
import type { KubeObject, ObjectRef } from '../../mesh/kube/objects.ts';
import type { Dump } from '../../mesh/proxy/dump.ts';
import type { ProxyView } from '../../mesh/proxy/view.ts';
import { parseRules } from '../../mesh/rules/rule.ts';
import { Rulebook } from '../../mesh/rules/rulebook.ts';
import type { Turns } from '../../mesh/rules/turns.ts';
import { cluster, listener, plainChain, routeTable } from '../proxy/dumps.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

const namespace = 'istio-e2e-w0';

const atOnce: Turns = (work) => work();

/** A mesh in which every proxy has at once what the API server was given; a deaf one hears of nothing. */
function instantMesh({ deaf = false, turns = atOnce } = {}) {
  const there = new Map<string, KubeObject>();
  const stuck = new Set<string>();
  const log: string[] = [];
  const key = ({ kind, metadata }: ObjectRef) => (kind === 'DestinationRule' ? `${kind} ${metadata.name}` : kind);
  const subsets = () => [...there.keys(), ...stuck].filter((name) => name.startsWith('DestinationRule'));
  const kube = {
    apply: (object: KubeObject) => {
      log.push(`apply ${object.kind}`);
      there.set(key(object), object);
      return Promise.resolve(object);
    },
    remove: (ref: ObjectRef) => {
      log.push(`remove ${ref.kind}`);
      return Promise.resolve(there.delete(key(ref)));
    },
  };
  const dump = (): Dump => ({
    routes: [routeTable('3000', ...namesIn(there.get('VirtualService')))],
    clusters: subsets().flatMap((name) => ['', 'v3'].map((subset) => cluster(subset, name.replace(/.* /, '')))),
    listeners: there.has('Gateway') ? [listener(8080, plainChain('http.8080'))] : [],
  });
  const read = () => {
    log.push('look');
    return Promise.resolve(deaf ? {} : dump());
  };
  const proxy: ProxyView = { name: `${namespace}/one`, namespace, pod: 'one', read };
  const gateway = { view: proxy, labels: { istio: 'ingress' }, shared: false, listenerPort: () => 8080 };
  const book = new Rulebook({
    kube,
    place: { namespace, labels: {} },
    scene: { namespace, sidecars: [proxy] },
    ownGateway: [gateway],
    turns,
    patience: { within: 5000, clock: fakeClock() },
  });
  const stick = (name: string) => stuck.add(`DestinationRule ${name}`);
  return {
    book,
    there,
    stick,
    steps: () => log.filter((entry, index) => entry !== 'look' || log[index - 1] !== 'look'),
  };
}

function namesIn(rule: KubeObject | undefined): readonly string[] {
  const { http = [] } = (rule?.['spec'] ?? {}) as { http?: { name: string }[] };
  return http.map(({ name }) => name);
}

const rules = parseRules(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: nodebook }
spec: { hosts: [nodebook], gateways: [mesh, nodebook-gateway], http: [{ route: [{ destination: { host: nodebook, subset: v3 } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: nodebook-gateway }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: nodebook }
spec: { host: nodebook, subsets: [{ name: v3, labels: { version: v3 } }] }
`);

test('subsets and listener are applied before the routes, and the first rules of a test are awaited together', async () => {
  const { book, steps } = instantMesh();
  await book.apply(rules);
  expect(steps()).toEqual(['apply Gateway', 'apply DestinationRule', 'apply VirtualService', 'look']);
  expect(book.arrivals.map(({ rule, what }) => `${rule} ${what}`)).toEqual([
    'Gateway nodebook-gateway arrived',
    'DestinationRule nodebook arrived',
    'VirtualService nodebook arrived',
  ]);
});

test('where nothing comes, that is told which the others may be waiting for', async () => {
  const { book, steps } = instantMesh({ deaf: true });
  await expect(book.apply(rules)).rejects.toThrow(/^Gateway nodebook-gateway never reached pod/);
  await book.removeAll();
  expect(steps().filter((step) => step.startsWith('remove'))).toHaveLength(3);
});

test('while others are in force, subsets and listener are in the proxies before the routes are applied', async () => {
  const { book, steps } = instantMesh();
  await book.apply(rules);
  const before = steps().length;
  await book.apply(rules);
  expect(steps().slice(before)).toEqual([
    'apply Gateway',
    'apply DestinationRule',
    'look',
    'apply VirtualService',
    'look',
  ]);
});

test('on the way out it goes the other way round', async () => {
  const { book, steps } = instantMesh();
  await book.apply(rules);
  const before = steps().length;
  await book.remove(book.inForce);
  expect(steps().slice(before)).toEqual([
    'remove VirtualService',
    'look',
    'remove Gateway',
    'remove DestinationRule',
    'look',
  ]);
  expect(book.inForce).toEqual([]);
});

test('a test that ran out of time changes nothing after what it had changed is taken back', async () => {
  const waiting: (() => void)[] = [];
  let busy = false;
  const turns: Turns = async (work) => {
    if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
    return work();
  };
  const { book, steps, there } = instantMesh({ turns });
  busy = true;
  const late = book.apply(rules);
  await vi.waitUntil(() => waiting.length === 1);
  busy = false;
  await book.removeAll();
  for (const goOn of waiting) goOn();
  await expect(late).rejects.toThrow(
    /^Applying Gateway nodebook-gateway, DestinationRule nodebook: the test has ended/,
  );
  await expect(book.apply(rules)).rejects.toThrow('[TEST_OVER]');
  expect({ steps: steps(), there: [...there.keys()], inForce: book.inForce }).toEqual({
    steps: [],
    there: [],
    inForce: [],
  });
});

test('at the end everything is taken back at once, and what istiod may miss goes first', async () => {
  const { book, steps, there } = instantMesh();
  await book.apply(rules);
  const before = steps().length;
  await book.removeAll();
  expect(steps().slice(before)).toEqual(['remove Gateway', 'remove DestinationRule', 'remove VirtualService', 'look']);
  expect(there.size).toBe(0);
});

const several = parseRules(
  ['nodebook', 'kubia', 'reviews']
    .map(
      (name) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name} }
spec: { host: ${name}, subsets: [{ name: v3, labels: { version: v3 } }] }
`,
    )
    .join('---'),
);

test('of several destination rules each is gone before the next one goes, the last one with all the rest', async () => {
  const { book, steps } = instantMesh();
  await book.apply([...several, ...rules.slice(0, 2)]);
  const before = steps().length;
  await book.removeAll();
  expect(steps().slice(before)).toEqual([
    'remove DestinationRule',
    'look',
    'remove DestinationRule',
    'look',
    'remove DestinationRule',
    'remove Gateway',
    'remove VirtualService',
    'look',
  ]);
});

test('within a test they go one after the other as well', async () => {
  const { book, steps } = instantMesh();
  await book.apply(several.slice(1));
  const before = steps().length;
  await book.remove(book.inForce);
  expect(steps().slice(before)).toEqual(['remove DestinationRule', 'look', 'remove DestinationRule', 'look']);
});

test('where one of them never goes, the others are taken away all the same, and it is named', async () => {
  const { book, steps, stick } = instantMesh();
  await book.apply([...several, ...rules.slice(0, 2)]);
  const before = steps().length;
  stick('nodebook');
  await expect(book.removeAll()).rejects.toThrow(/^DestinationRule nodebook never left pod/);
  expect(steps().slice(before)).toEqual([
    'remove DestinationRule',
    'look',
    'remove DestinationRule',
    'remove DestinationRule',
    'remove Gateway',
    'remove VirtualService',
  ]);
  expect(book.inForce).toEqual([]);
});

test('it is named also where it comes to no other turn after it', async () => {
  let left = 2;
  const turns: Turns = (work) => (left-- > 0 ? work() : Promise.reject(new Error('the others are at it')));
  const { book, stick } = instantMesh({ turns });
  await book.apply(several);
  stick('nodebook');
  await expect(book.removeAll()).rejects.toThrow(/^DestinationRule nodebook never left pod/);
});

test('the same rule again is an update in place with a new sign', async () => {
  const { book, there } = instantMesh();
  await book.apply(rules);
  const [first] = namesIn(there.get('VirtualService'));
  await book.apply(rules.slice(0, 1));
  expect(namesIn(there.get('VirtualService'))).not.toEqual([first]);
  expect(book.inForce).toHaveLength(3);
});

test('nothing is applied of a file that holds something without a sign', async () => {
  const { book, there } = instantMesh();
  const hidden = { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { name: 'x' } };
  await expect(book.apply([...rules, hidden])).rejects.toThrow(/NO_SIGN/);
  expect(there.size).toBe(0);
});

test('a rule that was refused is taken back all the same', async () => {
  const { book, steps } = instantMesh();
  const broken = { ...rules[0], spec: { hosts: ['nodebook'], http: [{ route: [] }] } } as KubeObject;
  const [, , subsets] = rules;
  if (subsets === undefined) throw new Error('no rule');
  await book.apply([broken, subsets]);
  await book.removeAll();
  expect(steps().filter((step) => step.startsWith('remove'))).toEqual([
    'remove DestinationRule',
    'remove VirtualService',
  ]);
});

test('an update that would look like what it replaces is refused before anything is applied', async () => {
  const { book, steps } = instantMesh();
  const policy = parseRules(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody }
spec: { selector: { matchLabels: { app: nobody } } }
`);
  await book.apply(policy);
  const before = steps().length;
  await expect(book.apply(policy)).rejects.toThrow(/NO_SIGN/);
  expect(steps().length).toBe(before);
  await book.removeAll();
});

test('an update in place that changes no sign is refused before anything is applied, the same once more is not', async () => {
  const { book, steps } = instantMesh();
  const subsets = rules.slice(2);
  await book.apply(subsets);
  await book.apply(subsets);
  const before = steps().length;
  const others = parseRules(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: nodebook }
spec: { host: nodebook, subsets: [{ name: v3, labels: { version: v4 } }] }
`);
  await expect(book.apply(others)).rejects.toThrow(/an update in place that changes none of its signs.*\[NO_SIGN\]/);
  expect(steps()).toHaveLength(before);
});
