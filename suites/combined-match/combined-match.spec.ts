import { expect, test } from '../../fixtures/test.ts';

const jason = { 'end-user': 'jason' };
const mary = { 'end-user': 'mary' };
const bySplit = { tomcat: 80, httpd: 20 };

test.describe('Conditions that must hold together, and the order of matches', { tag: '@T07' }, () => {
  test('jason and /premium together lead to tomcat, /premium alone to httpd, anything else is split', async ({
    caller,
    web,
    rules,
  }) => {
    const [plain, premium] = [caller.to(web), caller.to(web).at('/premium/offers')];
    await expect(premium.with(jason)).toHearFromAll(['tomcat', 'httpd']);

    await test.step('Match jason and /premium, then /premium', () => rules.apply('jason-first.yaml'));
    await expect(premium.with(jason)).toServeOnly('tomcat');
    await expect(premium.with(mary)).toServeOnly('httpd');
    await expect(premium).toServeOnly('httpd');
    await expect(plain.with(jason)).toSplitTraffic(bySplit);
    await expect(plain).toHearFromAll(bySplit);
    await expect(plain.at('/other/premium').with(jason)).toHearFromAll(bySplit);
  });

  test('the first match that fits decides: with /premium before it, jason and /premium is never reached', async ({
    caller,
    web,
    rules,
  }) => {
    const [plain, premium] = [caller.to(web), caller.to(web).at('/premium/offers')];
    await test.step('Match /premium, then jason and /premium', () => rules.apply('premium-first.yaml'));
    await expect(premium.with(jason)).toServeOnly('httpd');
    await expect(premium).toServeOnly('httpd');
    await expect(plain.with(jason)).toSplitTraffic(bySplit);
  });
});
