import type { Rules } from '../../fixtures/rules.ts';
import { expect, test } from '../../fixtures/test.ts';

const hops = [
  ['ingress', 'productpage'],
  ['productpage', 'details'],
  ['productpage', 'reviews'],
  ['reviews', 'ratings'],
] as const;
/** By the rule in ratings-a-second-late.yaml. */
const slow = { hop: ['reviews', 'ratings'], millis: 1000 } as const;
const products = '/api/v1/products';

/** Every request for the page takes one way, is traced, and takes its time at ratings. */
async function traceOneWay(rules: Rules, traceAll: string): Promise<void> {
  await test.step('Open the gateway', () => rules.apply('bookinfo-gateway.yaml'));
  await test.step('Route all reviews to v2', () => rules.apply('one-version.yaml'));
  await test.step('Delay what is asked of ratings', () => rules.apply('ratings-a-second-late.yaml'));
  await test.step('Trace every request', () => rules.apply(traceAll));
}

test.describe('Tracing', { tag: '@B01' }, () => {
  test('one request for productpage is one trace, by the tree of those who took part', async ({
    outside,
    productpage,
    gateway,
    tracingBy,
    rules,
  }) => {
    const traces = await tracingBy('zipkin');
    await traceOneWay(rules, 'trace-all.yaml');
    const page = outside.to(productpage, { through: gateway, port: 'http2' });
    await expect(page).toBeOneTrace({ in: traces, hops, version: 'v2', slow });
  });
});

const needs = { type: 'needs', description: 'Jaeger, which image registries alone have' };

test.describe('Tracing by Jaeger', { tag: ['@B01', '@probation'], annotation: needs }, () => {
  test('Jaeger tells the same tree', async ({ outside, productpage, gateway, tracingBy, rules }) => {
    const traces = await tracingBy('jaeger');
    await traceOneWay(rules, 'trace-all-by-jaeger.yaml');
    const page = outside.to(productpage, { through: gateway, port: 'http2' });
    await expect(page).toBeOneTrace({ in: traces, hops, version: 'v2', slow });
  });
});

// Only after longer than a proxy keeps its spans is it known that nothing more comes.
test.describe('Sampling', { tag: '@B01', annotation: { type: 'waits', description: '2 s' }, lock: 'waits' }, () => {
  test('of all requests traces each, and of none not one', async ({
    outside,
    productpage,
    gateway,
    tracingBy,
    rules,
  }) => {
    const traces = await tracingBy('zipkin');
    const page = outside.to(productpage, { through: gateway, port: 'http2' }).at(products);
    await test.step('Open the gateway', () => rules.apply('bookinfo-gateway.yaml'));
    await test.step('One request over a connection', () => rules.apply('one-version.yaml'));

    await test.step('Trace every request', () => rules.apply('trace-all.yaml'));
    await expect(page).toBeSampled(100, { in: traces, at: traces.gateway, behind: traces.nameOf(productpage) });

    await test.step('Trace none', () => rules.apply('trace-none.yaml'));
    await expect(page).toBeSampled(0, { in: traces, at: traces.gateway, behind: traces.nameOf(productpage) });
  });

  test('of half of the requests traces half', async ({ outside, productpage, gateway, tracingBy, rules }) => {
    const traces = await tracingBy('zipkin');
    const page = outside.to(productpage, { through: gateway, port: 'http2' }).at(products);
    await test.step('Open the gateway', () => rules.apply('bookinfo-gateway.yaml'));
    await test.step('One request over a connection', () => rules.apply('one-version.yaml'));
    await test.step('Trace half of the requests', () => rules.apply('trace-half.yaml'));
    await expect(page).toBeSampled(50, { in: traces, at: traces.gateway, behind: traces.nameOf(productpage) });
  });
});
