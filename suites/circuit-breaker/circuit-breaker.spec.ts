import { expect, test } from '../../fixtures/test.ts';

/** The tutorial's load, `wrk -c100`, for as long as it takes: in each second some thousands are turned away, and all are accounted for. */
const load = { connections: 100, seconds: 2 };
/** The same, for as long as it takes to say that nothing is turned away. */
const shortLoad = { connections: 100, seconds: 1 };
const burst = { burst: 10 };
/** As in one-at-a-time.yaml. */
const limit = { connections: 1, waiting: 1, requestsEach: 1 };

// It loads the machine: nothing that measures time may run beside it.
test.describe('A circuit breaker', { tag: ['@T13', '@alone'], lock: '-exclusive-' }, () => {
  test('turns away what is beyond its limit, and every request is accounted for; without it none is', async ({
    caller,
    nodebook,
    backEnd,
    rules,
  }) => {
    const at = await backEnd(nodebook, 'v4');
    await test.step('Lead all to v4', () => rules.apply('nodebook.yaml'));
    await expect(caller.to(nodebook)).toOverflow('none', { load: shortLoad, at });

    await test.step('Allow v4 one connection, one request waiting, one per connection', () =>
      rules.apply('one-at-a-time.yaml'));
    await expect(caller.to(nodebook)).toOverflow('some', { load, at, limit });
  });

  test('of a burst of ten lets one through and one wait, and touches no other subset', async ({
    caller,
    nodebook,
    backEnd,
    logged: _needed,
    rules,
  }) => {
    const [at3, at4] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const slow = caller.to(nodebook).at('/delay/1000');
    await test.step('Lead to v4, and app-ver: v3 to v3', () => rules.apply('nodebook.yaml'));
    await expect(slow).toOverflow('none', { load: burst, at: at4 });

    await test.step('Allow v4 one connection and one request waiting', () => rules.apply('one-and-one-waiting.yaml'));
    await test.step('Open the connection', () => caller.to(nodebook).ask(1));
    await expect(slow).toOverflow(8, { load: burst, at: at4 });
    await expect(slow.with({ 'app-ver': 'v3' })).toOverflow('none', { load: burst, at: at3 });
  });
});
