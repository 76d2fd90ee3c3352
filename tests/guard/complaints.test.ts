import { expect, test } from 'vitest';
import { complaintsIn, refusalsCounted, refusalsSince, told } from '../../mesh/guard/complaints.ts';
import { sift } from '../../mesh/guard/known.ts';
import { namesSlot } from '../../mesh/guard/slot-guard.ts';
import { slotIn } from '../../mesh/world/names.ts';

const stamp = '2026-11-20T22:31:01.123456789Z 2026-11-20T22:31:01.123456Z';
const refusal = `${stamp}\twarn\tdelta\tADS:LDS: ACK ERROR prober-7d4f.istio-e2e-w0-12 Internal:Error adding/updating listener(s) 0.0.0.0_8080: no such filter`;

test('a refusal in the log names the proxy, what it refused and why', () => {
  expect(complaintsIn(refusal)).toEqual([
    {
      kind: 'refused',
      node: 'prober-7d4f.istio-e2e-w0',
      type: 'lds',
      text: 'the proxy of pod prober-7d4f refused its listeners: Error adding/updating listener(s) 0.0.0.0_8080: no such filter',
    },
  ]);
});

test.each([
  [`${stamp}\terror\tklog\tlost the lease`, ['istiod logged an error: klog lost the lease']],
  [
    '2026-11-20T22:31:01.1Z {"level":"error","time":"x","scope":"ca","msg":"no \\"root\\""}',
    ['istiod logged an error: no \\"root\\"'],
  ],
  [`${stamp}\tinfo\tads\tPush debounce stable[12] 1 for config VirtualService/istio-e2e-w0/error`, []],
  [`${stamp}\twarn\tads\tsomething that is no error`, []],
])('of other lines only errors count: %s', (line, texts) => {
  expect(complaintsIn(line).map(({ text }) => text)).toEqual(texts);
});

const metrics = `# TYPE pilot_total_xds_rejects counter
pilot_total_xds_rejects{type="lds"} 3
pilot_total_xds_rejects{type="sds"} 1
pilot_xds_lds_reject{err="Internal",node="prober-7d4f.istio-e2e-w0"} 2
pilot_xds_lds_reject{err="Internal",node="ingress-1.istio-e2e-w1"} 1
`;

test('refusals are counted by proxy, and by type where istiod says no more', () => {
  expect(refusalsCounted(metrics)).toEqual(
    new Map([
      ['sds ', 1],
      ['lds prober-7d4f.istio-e2e-w0', 2],
      ['lds ingress-1.istio-e2e-w1', 1],
    ]),
  );
});

test('what grew since is a complaint, also after istiod began to count anew', () => {
  const before = new Map([
    ['sds ', 1],
    ['lds ingress-1.istio-e2e-w1', 4],
  ]);
  expect(refusalsSince(before, refusalsCounted(metrics)).map(({ text }) => text)).toEqual([
    'the proxy of pod prober-7d4f refused its listeners',
    'the proxy of pod ingress-1 refused its listeners',
  ]);
});

test('what the log tells in words is not told again by the counter', () => {
  const counted = refusalsSince(new Map(), refusalsCounted(metrics));
  expect(told(complaintsIn(refusal), counted).map(({ type, node }) => `${type} ${node}`)).toEqual([
    'lds prober-7d4f.istio-e2e-w0',
    'sds ',
    'lds ingress-1.istio-e2e-w1',
  ]);
});

test('a complaint is charged to the slot that it names, and to no neighbour', () => {
  const [complaint] = complaintsIn(refusal);
  if (complaint === undefined) throw new Error('there is none');
  expect(namesSlot(complaint, 'istio-e2e-w0')).toBe(true);
  expect(namesSlot(complaint, 'istio-e2e-w1')).toBe(false);
  expect(namesSlot({ ...complaint, node: 'prober-7d4f.istio-e2e-w01' }, 'istio-e2e-w0')).toBe(false);
  expect(slotIn('no endpoints for istio-e2e-w12/nodebook')).toBe('istio-e2e-w12');
  expect(slotIn('istiod lost its lease')).toBeUndefined();
});

test('keys that istiod asks for on its own are no complaint, those that a rule of now names are', () => {
  const url = '"http://httpbin.istio-e2e-w1.svc.cluster.local:8000/keys": no such host';
  const refreshed = `istiod logged an error: model Failed to refresh JWT public key from ${url}`;
  const fetched = `istiod logged an error: model Failed to fetch public key from jwks URI ${url}`;
  expect(sift([refreshed, fetched])).toMatchObject({ fresh: [fetched], excused: [expect.stringContaining('keys')] });
});

test('what is known is excused by its reason, as often as it was heard', () => {
  const heard = ['lease lost', 'lease lost', 'no root'];
  expect(sift(heard, [{ text: /lease/, reason: 'the node slept' }])).toEqual({
    fresh: ['no root'],
    excused: ['the node slept', 'the node slept'],
  });
});
