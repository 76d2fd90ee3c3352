import { expect, test } from '../../fixtures/test.ts';

// It loads the machine: nothing that measures time may run beside it.
test.describe('Outlier detection', { tag: ['@T16', '@alone'], lock: '-exclusive-' }, () => {
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

const waiting = { tag: '@T16', annotation: { type: 'waits', description: '2 s' }, lock: 'waits' };

test.describe('Outlier detection of all instances', waiting, () => {
  test('100 % may be ejected: when both have failed nobody is asked any more', async ({ caller, nodebook, rules }) => {
    const instances = caller.to(nodebook);
    await test.step('Eject whoever fails once', () => rules.apply('eject-all.yaml'));
    // The proxy's worker may hear of the second ejection a second after the first one.
    await test.step('Have all instances fail for 2 s', () => instances.at('/status/500').ask(200, { rate: 100 }));
    await expect(instances).toAnswer(503, { version: '', detail: 'no healthy upstream' });
  });
});
