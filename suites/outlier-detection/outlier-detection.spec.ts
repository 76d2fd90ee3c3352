import { expect, test } from '../../fixtures/test.ts';

// It loads the machine: nothing that measures time may run beside it.
test.describe('Outlier detection', { tag: ['@T16', '@alone'] }, () => {
  test('an instance that fails once gets nothing for 3 s and comes back, and without the rule it stays', async ({
    caller,
    nodebook,
    backEnd,
    rules,
  }) => {
    const behind = [await backEnd(nodebook, 'v3'), await backEnd(nodebook, 'v4')] as const;
    const instances = caller.to(nodebook);
    const failing = instances.at('/status/500');
    await expect(instances).toEject(failing, { for: 0, check: 0, behind });

    await test.step('Eject for 3 s whoever fails once', () => rules.apply('eject-at-once.yaml'));
    await expect(instances).toEject(failing, { for: 3000, check: 1000, behind });
  });
});
