import { expect, test } from '../../fixtures/test.ts';

test.describe('An egress gateway', { tag: '@E03' }, () => {
  test('passes TLS on to an outside server, unopened, once a rule leads there', async ({
    caller,
    outsideServer: site,
    istioEgress,
    exit,
    logged: _needed,
    rules,
  }) => {
    const out = { door: site.door('https'), site, exit };

    await test.step('Enter the server into the registry', () => rules.apply('outside.yaml', { about: site }));
    await expect(caller).toLeave({ ...out, way: 'directly' });

    await test.step('Lead its name through the egress gateway', () =>
      rules.apply('through-the-gateway.yaml', { on: istioEgress, about: site }));
    await expect(caller).toLeave({ ...out, way: 'through the egress gateway' });
  });
});
