import { expect, test } from '../../fixtures/test.ts';

test.describe('From the node port to a subset', { tag: '@I06' }, () => {
  test('NodePort, Gateway, VirtualService and DestinationRule lead to each subset', async ({
    outside,
    kubia,
    gateway,
    rules,
  }) => {
    const page = outside.to(kubia, { through: gateway, port: 'http-8080' });
    await expect(page).toBeRefused('no-listener');

    await test.step('Open port 8080 for every host and route to the subsets', () => rules.apply('kubia.yaml'));
    await expect(page).toServeOnly('v1');
    await expect(page.at('/v2')).toServeOnly('v2');
  });

  test('port 8080 is the listener of port 80, and the star swallows every other host', async ({
    outside,
    kubia,
    gateway,
    rules,
  }) => {
    const page = outside.to(kubia, { through: gateway, port: 'http2', host: 'nodebook.example.com' });
    await expect(page).toBeRefused('no-listener');

    await test.step('Open port 8080 for every host and route to the subsets', () => rules.apply('kubia.yaml'));
    await expect(page).toServeOnly('v1');
  });
});
