import { expect, test } from '../../fixtures/test.ts';

const jason = { 'end-user': 'jason' };
/** What bookinfo's page gives to jason when he signs in. */
const signedInAsJason = { cookie: 'session=amFzb24' };
/** A page takes four programs and their proxies. */
const gently = { requests: 20, rate: 20 };
const noReviews = 'Sorry, product reviews are currently unavailable for this book.';
const noRatings = 'Ratings service is currently unavailable';

const waiting = { tag: '@T09', annotation: { type: 'waits', description: '6 s' }, lock: 'waits' };

test.describe('Ratings delayed by 7 s for jason', waiting, () => {
  test('ratings take 7 s as jason; his page gives up after twice 3 s, and nobody else waits', async ({
    caller,
    ratings,
    productpage,
    web,
    rules,
  }) => {
    const [stars, page] = [caller.to(ratings), caller.to(productpage)];
    const apology = page.reading(/role="alert">([^<]+)</);
    await test.step('Declare the versions and route jason to v2', () =>
      rules.apply(['destination-rules.yaml', 'virtual-service-reviews-test-v2.yaml']));
    await expect(page.with(signedInAsJason)).toLagBehind(page, { by: 0, version: 'v2', ...gently });

    await test.step('Delay the ratings for jason', () => rules.apply('virtual-service-ratings-test-delay.yaml'));
    await Promise.all([
      expect(stars.with(jason)).toLagBehind(stars, { by: 7000 }),
      expect(apology.with(signedInAsJason)).toLagBehind(page, { by: 6000, version: noReviews, ...gently }),
      expect(page).toServeOnly('v1'),
    ]);
    // The twin is another service, which no rule for ratings holds up. The pages are done: they would hold up both.
    await expect(stars).toLagBehind(caller.to(web), { by: 0 });
  });

  test('jason reads that reviews are unavailable, and who is not jason has them', async ({ visitor, rules }) => {
    await test.step('Open the gateway, declare the versions and route jason to v2', () =>
      rules.apply(['bookinfo-gateway.yaml', 'destination-rules.yaml', 'virtual-service-reviews-test-v2.yaml']));
    await test.step('Sign in as jason', () => visitor.signIn('jason'));
    await expect(visitor).toSee('black stars');

    await test.step('Delay the ratings for jason', () => rules.apply('virtual-service-ratings-test-delay.yaml'));
    await expect(visitor).toSee(noReviews);
    await test.step('Sign out', () => visitor.signOut());
    await expect(visitor).toSee('no stars');
  });
});

test.describe('Ratings aborted for jason', { tag: '@T10' }, () => {
  test('ratings are 500 as jason and never asked; his page says that they are unavailable', async ({
    caller,
    ratings,
    productpage,
    backEnd,
    logged: _needed,
    rules,
  }) => {
    const [stars, page] = [caller.to(ratings), caller.to(productpage)];
    const behind = [await backEnd(ratings, 'v1')] as const;
    await test.step('Declare the versions and route jason to v2', () =>
      rules.apply(['destination-rules.yaml', 'virtual-service-reviews-test-v2.yaml']));
    await expect(page.with(signedInAsJason)).toServeOnly('v2', { leak: 10 });

    await test.step('Abort the ratings for jason', () => rules.apply('virtual-service-ratings-test-abort.yaml'));
    await expect(stars.with(jason)).toBeAborted({ status: 500, behind });
    await expect(stars).toBeTried(1, { at: behind, status: 200 });
    await expect(page.with(signedInAsJason).reading(/class="rating error">([^<]+)</)).toServeOnly(noRatings, {
      leak: 10,
    });
    await expect(page).toServeOnly('v1', { leak: 10 });
  });

  test('jason reads that ratings are unavailable, and who is not jason reads no such thing', async ({
    visitor,
    rules,
  }) => {
    await test.step('Open the gateway, declare the versions and route jason to v2', () =>
      rules.apply(['bookinfo-gateway.yaml', 'destination-rules.yaml', 'virtual-service-reviews-test-v2.yaml']));
    await test.step('Sign in as jason', () => visitor.signIn('jason'));
    await expect(visitor).toSee('black stars');

    await test.step('Abort the ratings for jason', () => rules.apply('virtual-service-ratings-test-abort.yaml'));
    await expect(visitor).toSee(noRatings, { looks: 3 });
    await test.step('Sign out', () => visitor.signOut());
    await expect(visitor).toSee('no stars', { looks: 3 });
  });
});
