import { expect, test } from '../../fixtures/test.ts';

test.describe('An injected abort', { tag: '@T10' }, () => {
  test('answers 500 to app-ver: v3 in place of nodebook, which never sees the request', async ({
    caller,
    nodebook,
    backEnd,
    logged: _needed,
    rules,
  }) => {
    const v4 = caller.to(nodebook);
    const v3 = v4.with({ 'app-ver': 'v3' });
    const [at3, at4] = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')];
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await expect(v3).toBeTried(1, { at: [at3], status: 200 });

    await test.step('Abort what goes to v3', () => rules.apply('abort-v3.yaml'));
    await expect(v3).toBeAborted({ status: 500, behind: [at3, at4] });
    await expect(v4).toServeOnly('v4');
  });

  test('of 50 % hits half of all requests, is never retried, and lets the other half through', async ({
    caller,
    nodebook,
    backEnd,
    logged: _needed,
    rules,
  }) => {
    const behind = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')] as const;
    await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
    await test.step('Abort half of everything', () => rules.apply('abort-half.yaml'));
    await expect(caller.to(nodebook)).toBeAborted({ share: 50, status: 500, behind });
  });
});
