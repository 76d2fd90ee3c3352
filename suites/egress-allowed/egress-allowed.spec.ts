import { expect, test } from '../../fixtures/test.ts';

test.describe('Outbound traffic to anybody', { tag: '@E01' }, () => {
  test('a server that the mesh does not know answers over HTTP and HTTPS, by default and when it is said', async ({
    caller,
    outsideServer,
    rules,
  }) => {
    const http = caller.toOutside(outsideServer.door('http'));
    const https = caller.toOutside(outsideServer.door('https'));
    await expect(http).toArriveAt(outsideServer);
    await expect(https).toArriveAt(outsideServer);

    // In the place of what follows: what is open as before would not show that it is in force.
    await test.step('Let callers reach the registry only', () => rules.apply('registry-only.yaml'));
    await expect(http).toBeKeptFrom(outsideServer, 502);

    await test.step('Allow any for the namespace', () => rules.apply('allow-any.yaml'));
    await expect(http).toArriveAt(outsideServer);
    await expect(https).toArriveAt(outsideServer);
  });
});
