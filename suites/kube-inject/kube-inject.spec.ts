import { expect, test } from '../../fixtures/test.ts';

test.describe('kube-inject', { tag: '@J01', lock: 'waits' }, () => {
  test('adds the init container that redirects, and the proxy, and the running pod redirects so', async ({
    injector,
    room,
  }) => {
    const sleep = await injector.read('sleep.yaml');
    expect(sleep).not.toCarryOneProxy();
    const injected = await test.step('Inject the file', () => injector.inject(sleep));
    expect(injected).toCarryOneProxy();

    const pod = await test.step('Apply it where nothing is injected', () => room.start(injected));
    expect(pod).toCarryOneProxy();
    await expect(pod).toRedirect();
  });
});

test.describe('kube-inject by exported configuration', { tag: '@J02', lock: 'waits' }, () => {
  test('gives the same arguments and the same proxy as by the cluster itself', async ({ injector }) => {
    const sleep = await injector.read('sleep.yaml');
    const byCluster = await test.step('Inject by the cluster', () => injector.inject(sleep));
    const native = await test.step('Inject by files', () => injector.injectByFiles(sleep, 'native'));
    expect(native).toCarryOneProxy('native');
    expect(native).toCarrySameProxy(byCluster);

    const classic = await test.step('Inject by files, without native sidecars', () =>
      injector.injectByFiles(sleep, 'classic'));
    expect(classic).toCarryOneProxy('classic');
    expect(classic).toCarrySameProxy(byCluster);
  });

  test('makes a classic sidecar that redirects in the running pod', async ({ injector, room }) => {
    const sleep = await injector.read('sleep.yaml');
    const classic = await test.step('Inject by files, without native sidecars', () =>
      injector.injectByFiles(sleep, 'classic'));
    const pod = await test.step('Apply it where nothing is injected', () => room.start(classic));
    expect(pod).toCarryOneProxy('classic');
    await expect(pod).toRedirect();
  });
});

test.describe('Injected twice', { tag: '@J03', lock: 'waits' }, () => {
  test('by file and by the namespace, a pod carries one proxy, whichever kind the file has', async ({
    injector,
    room,
    injecting,
  }) => {
    const sleep = await injector.read('sleep.yaml');
    const native = await test.step('Inject the file', () => injector.inject(sleep));
    const classic = await test.step('Inject it by files, without native sidecars', () =>
      injector.injectByFiles(sleep, 'classic'));
    await test.step('Label the namespace', () => room.label(injecting));
    const [plain, first, other] = await test.step('Apply both there, and the file as it was', () =>
      Promise.all([
        room.start(sleep, 'sleep-plain'),
        room.start(native, 'sleep-native'),
        room.start(classic, 'sleep-classic'),
      ]));
    expect(first).toCarryOneProxy();
    expect(other).toCarryOneProxy();
    // The namespace does inject.
    expect(plain).toCarryOneProxy();
  });

  test('by file and by file again, it carries one proxy', async ({ injector }) => {
    const sleep = await injector.read('sleep.yaml');
    const once = await test.step('Inject the file', () => injector.inject(sleep));
    const twice = await test.step('Inject what came of it', () => injector.inject(once));
    expect(twice).toCarryOneProxy();
    expect(twice).toCarrySameProxy(once);
  });
});
