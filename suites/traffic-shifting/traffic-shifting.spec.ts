import { expect, test } from '../../fixtures/test.ts';

test.describe('Shifting traffic by weight', { tag: '@T05' }, () => {
  test('half and half follows the weights, not the 3 and 1 replicas, and 100 % moves everything', async ({
    outside,
    kubia,
    gateway,
    rules,
  }) => {
    const page = outside.to(kubia, { through: gateway, port: 'http-8080' });
    await test.step('Open the gateway and declare the subsets', () => rules.apply('kubia.yaml'));

    await test.step('Route to the service as a whole', () => rules.apply('no-subsets.yaml'));
    await expect(page).toSplitTraffic({ v1: 75, v2: 25 }, { tellApart: 20, oneByOne: true });

    await test.step('Half of the traffic to either version', () => rules.apply('half-and-half.yaml'));
    await expect(page).toSplitTraffic({ v1: 50, v2: 50 });

    await test.step('Everything to v2', () => rules.apply('all-v2.yaml'));
    await expect(page).toServeOnly('v2');
  });

  test('half of the reviews come from v3 and half from v1, then all from v3', async ({ caller, reviews, rules }) => {
    await test.step('Declare the versions and give half to either', () =>
      rules.apply(['reviews.yaml', 'reviews-half-v3.yaml']));
    await expect(caller.to(reviews)).toSplitTraffic({ v1: 50, v3: 50 });

    await test.step('Everything to v3', () => rules.apply('reviews-all-v3.yaml'));
    await expect(caller.to(reviews)).toServeOnly('v3');
  });

  test('known limit: from a sidecar a headless service ignores subsets', async ({
    caller,
    outside,
    world,
    kubia,
    gateway,
    rules,
  }) => {
    await test.step('Open the gateway and declare the subsets', () => rules.apply('kubia.yaml'));
    await test.step('Everything to v2 from outside', () => rules.apply('all-v2.yaml'));
    await test.step('Everything to v2 from inside', () => rules.apply('all-v2-inside.yaml'));

    await expect(outside.to(kubia, { through: gateway, port: 'http-8080' })).toServeOnly('v2');
    // The name resolves to the pods themselves, and the proxy leads to the pod that was resolved, whatever the rule says.
    await expect(caller.to(kubia).resolvedTo(world.addressOf(kubia, 'v1'))).toServeOnly('v1');
  });

  test('known limit: the proxy takes the route to the subset all the same, and leads past it', async ({
    caller,
    accessLogs,
    world,
    kubia,
    rules,
  }) => {
    await test.step('Declare the subsets', () => rules.apply('kubia.yaml'));
    await test.step('Everything to v2 from inside', () => rules.apply('all-v2-inside.yaml'));
    const address = world.addressOf(kubia, 'v1');
    const says = {
      route: rules.routeName('kubia-inside'),
      cluster: `outbound|8080|dr-v2|${kubia.service}.${world.namespace}.svc.cluster.local`,
      upstream: address,
    };
    await expect(caller.to(kubia).resolvedTo(address)).toBeLogged({
      status: 200,
      ends: [{ log: accessLogs.caller, says }],
    });
  });
});
