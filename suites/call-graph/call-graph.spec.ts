import { expect, test } from '../../fixtures/test.ts';

const calls = ['productpage -> details', 'productpage -> reviews', 'reviews -> ratings'];

// A rate needs two looks of Prometheus's.
test.describe(
  "Kiali's graph",
  { tag: ['@B04', '@probation'], annotation: { type: 'waits', description: '6 s' } },
  () => {
    test('shows that productpage calls details and reviews, and reviews calls ratings', async ({
      caller,
      productpage,
      callGraph,
    }) => {
      await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      expect(await callGraph.lacking(calls), 'calls that the graph does not show').toEqual([]);
      expect(await callGraph.drawn('ratings -> productpage'), 'a call that nobody makes').toBe(false);
    });
  },
);
