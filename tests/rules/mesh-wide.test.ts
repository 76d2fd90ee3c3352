import { expect, test } from 'vitest';
import { awaitOutboundPolicy } from '../../mesh/rules/mesh-wide.ts';
import { proxyShowing } from '../proxy/dumps.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

const table = (...hosts: readonly string[]) => ({
  routes: [{ route_config: { name: '80', virtual_hosts: hosts.map((name) => ({ name })) } }],
});
const [open, shut] = [table('allow_any'), table('block_all')];
const registryOnly = 'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n';

test('comes back when every proxy has followed, in both directions', async () => {
  await awaitOutboundPolicy(registryOnly, [proxyShowing(open, open, shut), proxyShowing(shut)], { clock: fakeClock() });
  await awaitOutboundPolicy('accessLogFile: ""\n', [proxyShowing(shut, open)], { clock: fakeClock() });
});

test('names the proxies that did not', async () => {
  const late = awaitOutboundPolicy(registryOnly, [proxyShowing(shut), proxyShowing(open)], { clock: fakeClock() });
  await expect(late).rejects.toThrow(
    'The mesh-wide outbound policy never reached every proxy (waited 15 s): istio-e2e-w0/prober-1 is open, and not shut for whom it does not know',
  );
});
