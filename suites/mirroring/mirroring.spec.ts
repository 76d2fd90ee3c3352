import { expect, test } from '../../fixtures/test.ts';

test.describe('Mirroring', { tag: '@T15', annotation: { type: 'waits', description: '1 s' } }, () => {
  test('copies every request from v3 to v4, once, and no caller notices', async ({
    caller,
    nodebook,
    backEnd,
    rules,
  }) => {
    const [from, to] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const plain = caller.to(nodebook);
    const slow = plain.at('/delay/1000');
    await test.step('Route everything to v3', () => rules.apply('nodebook.yaml'));
    await expect(plain).toBeMirrored({ from, version: 'v3', to, share: 0 });

    await test.step('Mirror it to v4', () => rules.apply('mirror-to-v4.yaml'));
    await expect(plain).toBeMirrored({ from, version: 'v3', to });
    // The copy takes as long as the request itself: who waited for it would take twice as long.
    await expect(slow).toLagBehind(slow.with({ mirror: 'none' }), { by: 0, version: 'v3' });
  });

  test('copies a fifth of the requests, by weight', async ({ caller, nodebook, backEnd, rules }) => {
    const [from, to] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    await test.step('Route everything to v3', () => rules.apply('nodebook.yaml'));
    await test.step('Mirror a fifth of it to v4', () => rules.apply('mirror-a-fifth.yaml'));
    await expect(caller.to(nodebook)).toBeMirrored({ from, version: 'v3', to, share: 20 });
  });
});
