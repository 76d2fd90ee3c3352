import { expect, test } from '../../fixtures/test.ts';

const jason = { 'end-user': 'jason' };

test.describe('All of bookinfo at v1', { tag: '@T03' }, () => {
  test('the reviews on the page are v1, every time', async ({ caller, productpage, reviews, rules }) => {
    await test.step('Declare the versions', () => rules.apply('destination-rule-all.yaml'));
    await expect(caller.to(productpage)).toHearFromAll(['v1', 'v2', 'v3']);

    await test.step('Route everything to v1', () => rules.apply('virtual-service-all-v1.yaml'));
    await expect(caller.to(productpage)).toServeOnly('v1', { leak: 10 });
    await expect(caller.to(reviews).with(jason)).toServeOnly('v1', { leak: 10 });
  });

  test('a visitor never sees stars', async ({ visitor, rules }) => {
    await test.step('Open the gateway, declare the versions and route everything to v1', () =>
      rules.apply(['bookinfo-gateway.yaml', 'destination-rule-all.yaml', 'virtual-service-all-v1.yaml']));
    await expect(visitor).toSee('no stars', { looks: 9 });
  });
});

test.describe('Reviews v2 for jason', { tag: '@T04' }, () => {
  test('end-user: jason leads to v2, anybody else to v1', async ({ caller, reviews, rules }) => {
    await test.step('Declare the versions and route jason to v2', () =>
      rules.apply(['destination-rule-all.yaml', 'virtual-service-reviews-test-v2.yaml']));
    await expect(caller.to(reviews).with(jason)).toServeOnly('v2');
    await expect(caller.to(reviews).with({ 'end-user': 'mary' })).toServeOnly('v1', { leak: 10 });
    await expect(caller.to(reviews)).toServeOnly('v1', { leak: 10 });
  });

  test('jason sees black stars, mary and who has not signed in see none', async ({ visitor, rules }) => {
    await test.step('Open the gateway, declare the versions and route everything to v1', () =>
      rules.apply(['bookinfo-gateway.yaml', 'destination-rule-all.yaml', 'virtual-service-all-v1.yaml']));
    await test.step('Route jason to v2', () => rules.apply('virtual-service-reviews-test-v2.yaml'));

    await expect(visitor).toSee('no stars', { looks: 3 });
    await test.step('Sign in as jason', () => visitor.signIn('jason'));
    await expect(visitor).toSee('black stars', { looks: 6 });
    await test.step('Sign out', () => visitor.signOut());
    await expect(visitor).toSee('no stars', { looks: 3 });
    await test.step('Sign in as mary', () => visitor.signIn('mary'));
    await expect(visitor).toSee('no stars', { looks: 3 });
  });
});
