import { expect, test } from '../../fixtures/test.ts';

test.describe('Retries', { tag: '@T14' }, () => {
  test('a plain 503 is tried once more for each attempt, and once without a stanza; a success is not tried again', async ({
    caller,
    nodebook,
    backEnd,
    rules,
  }) => {
    const v3 = await backEnd(nodebook, 'v3');
    const plain = caller.to(nodebook);
    await test.step('Declare the versions', () => rules.apply('nodebook.yaml'));
    await test.step('Retry as often as the header attempts says', () => rules.apply('by-number.yaml'));

    const failing = plain.at('/status/503');
    await expect(failing.with({ attempts: '2' })).toBeTried(3, { at: [v3], status: 503 });
    await expect(failing.with({ attempts: '1' })).toBeTried(2, { at: [v3], status: 503 });
    await expect(failing.with({ attempts: '0' })).toBeTried(1, { at: [v3], status: 503 });
    await expect(failing).toBeTried(1, { at: [v3], status: 503 });
    await expect(plain.with({ attempts: '2' })).toBeTried(1, { at: [v3], status: 200 });
  });

  test('a connection that nobody accepts is tried three times without a stanza, and as often as one says', async ({
    caller,
    nodebook,
    world,
    rules,
  }) => {
    const nobody = world.closedDoor('nobody.example.com');
    await test.step('Lead to a host at which nobody listens', () => rules.apply('nobody-listens.yaml'));

    await expect(caller.to(nodebook)).toKnockInVain(3, nobody);
    await expect(caller.to(nodebook).with({ attempts: '1' })).toKnockInVain(2, nobody);
    await expect(caller.to(nodebook).with({ attempts: '0' })).toKnockInVain(1, nobody);
  });
});
