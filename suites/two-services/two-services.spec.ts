import { expect, test } from '../../fixtures/test.ts';

test.describe('80 and 20 over two services', { tag: '@T06' }, () => {
  test('a client with a sidecar sees 80/20, and one without sees the even spread of the Service', async ({
    caller,
    plainCaller,
    web,
    rules,
  }) => {
    await expect(caller.to(web)).toHearFromAll(['tomcat', 'httpd']);

    await test.step('Send 80 % to tomcat-svc and 20 % to httpd-svc', () => rules.apply('is-virtualservice.yaml'));
    await expect(caller.to(web)).toSplitTraffic({ tomcat: 80, httpd: 20 });
    // Without a proxy there is nobody to follow the rule: the node spreads connections, and not requests.
    await expect(plainCaller.to(web).overFreshConnections()).toSplitTraffic({ tomcat: 50, httpd: 50 });
  });
});
