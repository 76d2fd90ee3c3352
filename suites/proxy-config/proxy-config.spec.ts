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
    expect(await v3.byAdmin.listeners()).toEqual(await v3.byAdmin.dumpedListeners());
    expect(await v4.byAdmin.listeners()).toEqual(await v4.byAdmin.dumpedListeners());
  });

  test('the bootstrap file of the agent names this proxy, and is what was loaded', async ({
    nodebook,
    insideProxy,
  }) => {
    const [v3, v4] = [await insideProxy(nodebook, 'v3'), await insideProxy(nodebook, 'v4')];
    const [file3, file4] = [await v3.byAdmin.bootstrapFile(), await v4.byAdmin.bootstrapFile()];
    expect(file3).toMatchObject({ node: v3.node, adminPort: 15000, source: 'xds-grpc' });
    expect(file4).toMatchObject({ node: v4.node, adminPort: 15000, source: 'xds-grpc' });
    expect(file3).toEqual(await v3.loadedBootstrap());
    expect(file4).toEqual(await v4.loadedBootstrap());
  });
});
