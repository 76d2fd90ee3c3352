import { expect, test } from '../../fixtures/test.ts';

test.describe('istio_requests_total', { tag: '@B02' }, () => {
  test('grows by exactly what was sent, by code and by who asked whom, in the proxies of both sides', async ({
    caller,
    ratings,
    backEnd,
    requestMetrics: metrics,
    rules,
  }) => {
    const at = await backEnd(ratings, 'v1');
    const by = [metrics.caller, await metrics.of(ratings)] as const;
    const both = { ...metrics.between('prober', ratings, 'bookinfo-ratings'), response_flags: '-' };
    await test.step('One request over a connection', () => rules.apply('ratings.yaml'));
    await test.step('Have the proxies count', () => metrics.turnOn('count-requests.yaml'));

    const labels = { source: both, destination: both };
    await expect(caller.to(ratings)).toBeCounted({ status: 200, labels, by, at });
    await expect(caller.to(ratings).at('/ratings/none')).toBeCounted({ status: 400, labels, by, at });
  });

  test('is in Prometheus what it is in the proxies', async ({
    caller,
    ratings,
    backEnd,
    requestMetrics: metrics,
    rules,
  }) => {
    const at = await backEnd(ratings, 'v1');
    const by = [metrics.caller, await metrics.of(ratings), await metrics.scraped(ratings)] as const;
    const both = { ...metrics.between('prober', ratings, 'bookinfo-ratings'), response_flags: '-' };
    await test.step('One request over a connection', () => rules.apply('ratings.yaml'));
    await test.step('Have the proxies count', () => metrics.turnOn('count-requests.yaml'));
    await expect(caller.to(ratings)).toBeCounted({
      status: 200,
      labels: { source: both, destination: both },
      by,
      at,
    });
    await test.step('Look at it', () => metrics.picture());
  });

  test('what the proxy of the caller answers itself is counted by it, and by nobody else', async ({
    caller,
    ratings,
    backEnd,
    requestMetrics: metrics,
    rules,
  }) => {
    const at = await backEnd(ratings, 'v1');
    const by = [metrics.caller, await metrics.of(ratings)] as const;
    const { destination_service } = metrics.between('prober', ratings, 'bookinfo-ratings');
    await test.step('One request over a connection', () => rules.apply('ratings.yaml'));
    await test.step('Have the proxies count', () => metrics.turnOn('count-requests.yaml'));
    await test.step('Abort every request for ratings', () => rules.apply('abort-all.yaml'));

    const labels = { source: { destination_service, response_flags: 'FI' } };
    await expect(caller.to(ratings)).toBeCounted({ status: 503, labels, by, at, arriving: 0 });
  });
});
