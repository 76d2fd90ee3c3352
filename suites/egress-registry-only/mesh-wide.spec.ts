import { expect, test } from '../../fixtures/test.ts';

// The configuration of the mesh is everybody's.
test.describe('Outbound traffic to the registry only', { tag: ['@E02', '@alone'], lock: '-exclusive-' }, () => {
  // While others are still at work.
  test.beforeAll('Start the outside server', ({ outsideWorld: _started }) => undefined);

  test('holds for the whole mesh where its configuration says so, and ends with it', async ({
    caller,
    outsideServer,
    meshConfig,
    rules,
  }) => {
    const http = caller.toOutside(outsideServer.door('http'));
    const https = caller.toOutside(outsideServer.door('https'));
    const elsewhere = { name: 'elsewhere' };
    const httpElsewhere = caller.toOutside(outsideServer.door('http', elsewhere));
    const httpsElsewhere = caller.toOutside(outsideServer.door('https', elsewhere));
    await expect(http).toArriveAt(outsideServer);

    await test.step('Let the whole mesh reach the registry only', () => meshConfig.change('mesh-config.yaml'));
    await expect(http).toBeKeptFrom(outsideServer, 502);
    await expect(https).toBeKeptFrom(outsideServer, 'closed');

    await test.step('Enter the host into the registry', () => rules.apply('outside.yaml', { about: outsideServer }));
    await expect(http).toArriveAt(outsideServer);
    await expect(https).toArriveAt(outsideServer);
    await expect(httpElsewhere).toBeKeptFrom(outsideServer, 502);
    await expect(httpsElsewhere).toBeKeptFrom(outsideServer, 'closed');

    await test.step('Take the mesh-wide policy back', () => meshConfig.restore());
    await expect(httpElsewhere).toArriveAt(outsideServer);
    await expect(httpsElsewhere).toArriveAt(outsideServer);
  });
});
