import { expect, test } from '../../fixtures/test.ts';

test.describe('The label istio-injection', { tag: '@I02', lock: 'waits' }, () => {
  test('decides about new pods, and the running ones stay as they are', async ({ injector, room }) => {
    const sleep = await injector.read('sleep.yaml');
    const before = await test.step('Start a pod', () => room.start(sleep, 'before'));
    await test.step('Label the namespace', () => room.label('enabled'));
    const during = await test.step('Start another', () => room.start(sleep, 'during'));
    await test.step('Remove the label', () => room.label(null));
    const after = await test.step('Start a third', () => room.start(sleep, 'after'));

    expect(during).toCarryOneProxy();
    expect(before).not.toCarryOneProxy();
    expect(after).not.toCarryOneProxy();
    await expect(before).toBeUnchanged();
    await expect(during).toBeUnchanged();
  });
});
