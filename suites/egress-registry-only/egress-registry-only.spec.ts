import { expect, test } from '../../fixtures/test.ts';

test.describe('Outbound traffic to the registry only', { tag: '@E02' }, () => {
  test('keeps callers from whom the mesh does not know, until a ServiceEntry opens one host on its ports, and no other', async ({
    caller,
    outsideServer,
    rules,
  }) => {
    const http = caller.toOutside(outsideServer.door('http'));
    const https = caller.toOutside(outsideServer.door('https'));
    const elsewhere = { name: 'elsewhere' };
    const httpElsewhere = caller.toOutside(outsideServer.door('http', elsewhere));
    const httpsElsewhere = caller.toOutside(outsideServer.door('https', elsewhere));
    const otherPort = caller.toOutside(outsideServer.door('http', { port: 8888 }));

    await test.step('Everything answers before there is a policy', async () => {
      await expect(http).toArriveAt(outsideServer);
      await expect(https).toArriveAt(outsideServer);
      await expect(httpElsewhere).toArriveAt(outsideServer);
      await expect(httpsElsewhere).toArriveAt(outsideServer);
      await expect(otherPort).toArriveAt(outsideServer);
    });

    await test.step('Let callers reach the registry only', () => rules.apply('registry-only.yaml'));
    await expect(http).toBeKeptFrom(outsideServer, 502);
    await expect(https).toBeKeptFrom(outsideServer, 'closed');
    // No service of the mesh has this port, so no listener reads requests there.
    await expect(otherPort).toBeKeptFrom(outsideServer, 'closed');

    await test.step('Enter HTTPS of the host into the registry', () =>
      rules.apply('outside-https-only.yaml', { about: outsideServer }));
    await expect(https).toArriveAt(outsideServer);
    await expect(http).toBeKeptFrom(outsideServer, 502);

    await test.step('Enter HTTP of the host too', () => rules.apply('outside.yaml', { about: outsideServer }));
    await expect(https).toArriveAt(outsideServer);
    await expect(http).toArriveAt(outsideServer);
    await expect(httpElsewhere).toBeKeptFrom(outsideServer, 502);
    await expect(httpsElsewhere).toBeKeptFrom(outsideServer, 'closed');
    await expect(otherPort).toBeKeptFrom(outsideServer, 'closed');
  });
});
