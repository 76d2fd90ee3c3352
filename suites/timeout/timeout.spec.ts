import { expect, test } from '../../fixtures/test.ts';

test.describe('A time limit', { tag: '@T11', annotation: { type: 'waits', description: '5 s' }, lock: 'waits' }, () => {
  test('of 1 s on v3 ends what takes 2 s with 504 after 1 s, and v4 may take its time', async ({
    caller,
    nodebook,
    rules,
  }) => {
    const v4 = caller.to(nodebook);
    const v3 = v4.with({ 'app-ver': 'v3' });
    const slow = '/delay/2000';
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await expect(v3.at(slow)).toLagBehind(v3, { by: 2000, version: 'v3' });

    await test.step('Give v3 one second', () => rules.apply('one-second-for-v3.yaml'));
    await expect(v3.at(slow)).toLagBehind(v3, { by: 1000, status: 504, version: '' });
    await expect(v4.at(slow)).toLagBehind(v4, { by: 2000, version: 'v4' });
    await expect(v3).toServeOnly('v3');
  });
});

const waiting = { tag: '@T12', annotation: { type: 'waits', description: '5 s' }, lock: 'waits' };

test.describe('A delay and a time limit on one route', waiting, () => {
  test('the injected 2 s do not count towards the limit of 1 s, which begins when they are over', async ({
    caller,
    nodebook,
    rules,
  }) => {
    const v4 = caller.to(nodebook);
    const v3 = v4.with({ 'app-ver': 'v3' });
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await test.step('Delay v3 by two seconds, and give it one', () => rules.apply('two-seconds-late-within-one.yaml'));
    await expect(v3).toLagBehind(v4, { by: 2000, version: 'v3' });
    // The limit is there all the same: of what takes 2 s itself, one more second is waited for.
    await expect(v3.at('/delay/2000')).toLagBehind(v4, { by: 3000, status: 504, version: '' });
  });
});
