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

    await test.step('Allow any for the namespace', () => rules.apply('allow-any.yaml'));
    await expect(http).toArriveAt(outsideServer);
    await expect(https).toArriveAt(outsideServer);
  });
});
