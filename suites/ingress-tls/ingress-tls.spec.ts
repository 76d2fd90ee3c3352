import { expect, test } from '../../fixtures/test.ts';

const host = 'nodebook.example.com';

test.describe('TLS at the ingress gateway', { tag: '@I08' }, () => {
  test('answers with the certificate of the secret, for its host alone', async ({
    outside,
    nodebook,
    gateway,
    rules,
    authority,
  }) => {
    const { certificate, ...pair } = await authority.issue(host);
    const stranger = await authority.issue(host);
    const page = outside.to(nodebook, { through: gateway, port: 'https', host });

    await test.step('Keep certificate and key in a secret', () =>
      rules.keepSecret('nodebook-credential', { certificate, ...pair }));
    await test.step('Open the TLS port and route the host', () => rules.apply('secure-gateway.yaml'));

    await expect(page.overTls({ ca: certificate, serverName: host })).toAnswer(200, { by: 'istio-envoy' });
    await expect(page.overTls({ ca: certificate, serverName: host })).toHearFromAll(['v3', 'v4']);
    await expect(page.overTls({ ca: stranger.certificate, serverName: host })).toBeRefused('tls');
    await expect(page.overTls({ ca: certificate, serverName: 'elsewhere.example.com' })).toBeRefused('reset', 'closed');
    await expect(page).toBeRefused('reset', 'closed');
  });
});
