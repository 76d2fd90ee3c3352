import { expect, test } from '../../fixtures/test.ts';

// A rate needs two looks of Prometheus's; and it takes ten seconds until what was before is forgotten.
test.describe(
  "Kiali's graph",
  {
    tag: ['@B04', '@probation'],
    annotation: [
      { type: 'waits', description: '16 s' },
      { type: 'needs', description: 'Kiali, which image registries alone have' },
    ],
  },
  () => {
    test('shows that productpage calls details and reviews, and reviews calls ratings', async ({
      caller,
      productpage,
      callGraph,
    }) => {
      const visits = await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      await expect(callGraph).toShowCalls(['productpage -> details', 'productpage -> reviews', 'reviews -> ratings'], {
        never: ['ratings -> productpage', 'details -> reviews'],
      });
      await visits.stop();
    });
  },
);
