import { expect, test } from '../../fixtures/test.ts';

test.describe('bookinfo from inside the mesh', { tag: '@I07' }, () => {
  test('the page is titled Simple Bookstore App, and refreshing it shows all three versions of the reviews', async ({
    caller,
    productpage,
  }) => {
    const page = caller.to(productpage);
    await expect(page.reading(/<title>([^<]*)<\/title>/)).toServeOnly('Simple Bookstore App', { leak: 10 });
    await expect(page).toHearFromAll(['v1', 'v2', 'v3']);
  });
});
