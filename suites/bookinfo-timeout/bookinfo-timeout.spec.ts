import { expect, test } from '../../fixtures/test.ts';

/** A page takes four programs and their proxies, and its twin, the book alone, takes one. */
const gently = { requests: 20, rate: 20, programs: 4 };
const noReviews = 'Sorry, product reviews are currently unavailable for this book.';

const waiting = { tag: '@T12', annotation: { type: 'waits', description: '3 s' }, lock: 'waits' };

test.describe('Half a second for the reviews', waiting, () => {
  test('while ratings take 2 s the page gives up after twice 0.5 s, and has them after 2 s without the limit', async ({
    caller,
    productpage,
    rules,
  }) => {
    const page = caller.to(productpage);
    const book = page.at('/api/v1/products/0');
    await test.step('Declare the versions and delay the ratings by two seconds', () =>
      rules.apply(['destination-rules.yaml', 'ratings-delayed.yaml']));
    // Of itself the page waits for the reviews for 3 s, and asks once more.
    await expect(page).toLagBehind(book, { by: 2000, version: 'v2', asksAgain: 3000, ...gently });

    await test.step('Give the reviews half a second', () => rules.apply('reviews-half-a-second.yaml'));
    const apology = page.reading(/role="alert">([^<]+)</);
    await expect(apology).toLagBehind(book, { by: 1000, version: noReviews, ...gently });
  });

  test('a visitor reads that reviews are unavailable, and sees black stars without the limit', async ({
    visitor,
    rules,
  }) => {
    await test.step('Open the gateway, declare the versions and delay the ratings by two seconds', () =>
      rules.apply(['bookinfo-gateway.yaml', 'destination-rules.yaml', 'ratings-delayed.yaml']));
    await expect(visitor).toSee('black stars');

    await test.step('Give the reviews half a second', () => rules.apply('reviews-half-a-second.yaml'));
    await expect(visitor).toSee(noReviews, { looks: 2 });
  });
});
