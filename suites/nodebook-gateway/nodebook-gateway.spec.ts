import { expect, test } from '../../fixtures/test.ts';

// The tutorial asks at the ingress gateway, whose proxy is then the one that acts on each rule.
const entrance = { port: 'http2', host: 'nodebook.example.com' };
const marked = { 'app-ver': 'v3' };

test.describe('Routing by header at the gateway', { tag: '@T02' }, () => {
  test('app-ver: v3 leads from outside to v3, anything else to v4', async ({ outside, nodebook, gateway, rules }) => {
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await expect(v4.with(marked)).toServeOnly('v3');
    await expect(v4).toServeOnly('v4');
    await expect(v4.with({ 'app-ver': 'v5' })).toServeOnly('v4');
  });
});

const delayed = { tag: '@T09', annotation: { type: 'waits', description: '3 s' }, lock: 'waits' };

test.describe('A delay at the gateway', delayed, () => {
  test('of 3 s holds up who asks from outside with app-ver: v3, and nobody else', async ({
    caller,
    outside,
    nodebook,
    web,
    gateway,
    rules,
  }) => {
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await test.step('Delay v3 by three seconds', () => rules.apply('three-seconds-for-v3.yaml'));
    await Promise.all([
      expect(v4.with(marked)).toLagBehind(v4, { by: 3000, version: 'v3' }),
      // The twin is another service, which no rule for nodebook holds up.
      expect(v4).toLagBehind(caller.to(web), { by: 0, version: 'v4' }),
    ]);
  });
});

test.describe('An abort at the gateway', { tag: '@T10' }, () => {
  test('answers 500 to app-ver: v3 from outside, and nodebook never sees the request', async ({
    outside,
    nodebook,
    backEnd,
    logged: _needed,
    gateway,
    rules,
  }) => {
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    const behind = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')] as const;
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await test.step('Abort what goes to v3', () => rules.apply('abort-v3.yaml'));
    await expect(v4.with(marked)).toBeAborted({ status: 500, behind });
    await expect(v4).toServeOnly('v4');
  });
});

const limited = { tag: '@T11', annotation: { type: 'waits', description: '3 s' }, lock: 'waits' };

test.describe('A time limit at the gateway', limited, () => {
  test('of 1 s on v3 ends from outside what takes 2 s with 504, and v4 may take its time', async ({
    outside,
    nodebook,
    gateway,
    rules,
  }) => {
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    const slow = v4.at('/delay/2000');
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await test.step('Give v3 one second', () => rules.apply('one-second-for-v3.yaml'));
    await expect(slow.with(marked)).toLagBehind(v4.with(marked), { by: 1000, status: 504, version: '' });
    await expect(slow).toLagBehind(v4, { by: 2000, version: 'v4' });
  });
});

test.describe('A circuit breaker at the gateway', { tag: '@T13', lock: 'waits' }, () => {
  test('of a burst of ten from outside lets one through and one wait, and touches no other subset', async ({
    outside,
    nodebook,
    backEnd,
    logged: _needed,
    gateway,
    rules,
  }) => {
    const [at3, at4] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const load = { burst: 10 };
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    const slow = v4.at('/delay/1000');
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await test.step('Allow v4 one connection and one request waiting', () => rules.apply('one-and-one-waiting.yaml'));
    await test.step('Open the connection', () => v4.ask(1));
    await expect(slow).toOverflow(8, { load, at: at4 });
    await expect(slow.with(marked)).toOverflow('none', { load, at: at3 });
  });
});

test.describe('A mirror at the gateway', { tag: '@T15' }, () => {
  test('copies every request from outside from v3 to v4, once, and none of those to v4', async ({
    outside,
    nodebook,
    backEnd,
    gateway,
    rules,
  }) => {
    const [at3, at4] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const v4 = outside.to(nodebook, { ...entrance, through: gateway });
    await test.step('Open the gateway and route by the header app-ver', () => rules.apply('nodebook.yaml'));

    await test.step('Mirror to v4 what goes to v3', () => rules.apply('mirror-to-v4.yaml'));
    await Promise.all([
      expect(v4.with(marked)).toBeMirrored({ from: at3, version: 'v3', to: at4 }),
      expect(v4).toBeMirrored({ from: at4, version: 'v4', to: at3, share: 0 }),
    ]);
  });
});
