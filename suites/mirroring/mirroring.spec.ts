import { expect, test } from '../../fixtures/test.ts';

test.describe('Mirroring', { tag: '@T15', annotation: { type: 'waits', description: '1 s' }, lock: 'waits' }, () => {
  test('copies every request from v3 to v4, once, and neither these callers nor those of v4 notice', async ({
    caller,
    nodebook,
    backEnd,
    rules,
  }) => {
    const [at3, at4] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const plain = caller.to(nodebook);
    const marked = plain.with({ 'app-ver': 'v3' });
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await expect(marked).toBeMirrored({ from: at3, version: 'v3', to: at4, share: 0 });

    await test.step('Mirror to v4 what goes to v3', () => rules.apply('mirror-to-v4.yaml'));
    await Promise.all([
      expect(marked).toBeMirrored({ from: at3, version: 'v3', to: at4 }),
      expect(plain).toBeMirrored({ from: at4, version: 'v4', to: at3, share: 0 }),
    ]);
    // The copy takes as long as the request itself: who waited for it would take twice as long.
    await expect(marked.at('/delay/1000')).toLagBehind(plain.at('/delay/1000'), { by: 0, version: 'v3' });
  });

  test('copies a fifth of the requests, by weight', async ({ caller, nodebook, backEnd, rules }) => {
    const [from, to] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    const marked = caller.to(nodebook).with({ 'app-ver': 'v3' });
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await test.step('Mirror to v4 a fifth of what goes to v3', () => rules.apply('mirror-a-fifth.yaml'));
    await expect(marked).toBeMirrored({ from, version: 'v3', to, share: 20 });
  });
});
