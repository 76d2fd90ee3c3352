import { expect, test } from '../../fixtures/test.ts';

test.describe('A range of addresses that bypasses the proxy', { tag: '@E04', lock: 'waits' }, () => {
  test('leaves the caller without a trace in its proxy; without the annotation each connection is logged there', async ({
    caller,
    outsideServer: site,
    nodebook,
    logged: _needed,
    bring,
  }) => {
    const out = { doors: [site.door('http'), site.door('https')], site, witness: nodebook };
    await expect(caller).toPassThroughProxy(out);

    const past = await test.step('Bring a caller whose proxy is left aside for the range', () =>
      bring('caller-past-its-proxy.yaml', { about: site }));
    await expect(past).toPassByProxy(out);
  });
});
