import { expect, test } from '../../fixtures/test.ts';

test.describe('istioctl proxy-config', { tag: '@O02' }, () => {
  test('shows subsets, routes and listeners of nodebook as the rules in force say, beside v3 and v4', async ({
    nodebook,
    insideProxy,
    rules,
  }) => {
    const [v3, v4] = [await insideProxy(nodebook, 'v3'), await insideProxy(nodebook, 'v4')];
    await expect(v3.byIstioctl).toShow(nodebook, []);

    const written = await rules.written('nodebook.yaml');
    await test.step('Route by the header app-ver, and the rest by weight', () => rules.apply('nodebook.yaml'));
    await expect(v3.byIstioctl).toShow(nodebook, written);
    await expect(v4.byIstioctl).toShow(nodebook, written);
  });
});

test.describe("Envoy's admin", { tag: '@O03' }, () => {
  test('shows the same rules, and the listeners that it says it has, beside v3 and v4', async ({
    nodebook,
    insideProxy,
    rules,
  }) => {
    const [v3, v4] = [await insideProxy(nodebook, 'v3'), await insideProxy(nodebook, 'v4')];
    await expect(v4.byAdmin.view).toShow(nodebook, []);

    const written = await rules.written('nodebook.yaml');
    await test.step('Route by the header app-ver, and the rest by weight', () => rules.apply('nodebook.yaml'));
    await expect(v3.byAdmin.view).toShow(nodebook, written);
    await expect(v4.byAdmin.view).toShow(nodebook, written);
    await expect(v3.byAdmin).toKnowItsListeners();
    await expect(v4.byAdmin).toKnowItsListeners();
  });

  test('of the gateway shows a listener once a Gateway opens the port, and the route once a VirtualService leads on', async ({
    gatewayDoor,
    rules,
  }) => {
    const door = gatewayDoor(80, 'nodebook.example.com');
    await expect(door).toLeadOn('closed');

    await test.step('Open the gateway', () => rules.apply('nodebook-gateway.yaml'));
    await expect(door).toLeadOn('nowhere');

    await test.step('Route everything to v3', () => rules.apply('nodebook-service.yaml'));
    await expect(door).toLeadOn({ [rules.routeName('nodebook')]: 'anything to v3 100' });
  });

  test('the bootstrap file of the agent names this proxy, and is what was loaded', async ({
    nodebook,
    insideProxy,
  }) => {
    const [v3, v4] = [await insideProxy(nodebook, 'v3'), await insideProxy(nodebook, 'v4')];
    await expect(v3).toRunByItsFile();
    await expect(v4).toRunByItsFile();
  });
});
