import { expect, test } from '../../fixtures/test.ts';

const everywhere = (answer: string) => ({
  foo: answer,
  'foo:8001': answer,
  'foo/other': answer,
  'foo/other:8001': answer,
  bar: answer,
});
const certified = everywhere('mutual TLS');
const plain = everywhere('plain text');

test.describe('Strict mutual TLS shuts out who has no certificate, and nobody else', { tag: '@S02' }, () => {
  // Whom a policy shuts out: everybody else is seen to come in while it is in force.
  test.beforeEach(({ neighbours }) => expect(neighbours).toTurnOut('no policy', { legacy: plain }));

  test('in a namespace, and not in another', async ({ neighbours, policies }) => {
    await test.step('Apply namespace.yaml', () => policies.apply('namespace.yaml'));
    const legacy = { ...everywhere('reset'), bar: 'plain text' };
    await expect(neighbours).toTurnOut('STRICT in foo', { legacy, bar: certified, foo: certified });
  });

  test('at a workload, and not at its neighbour', async ({ neighbours, policies }) => {
    await test.step('Apply workload.yaml', () => policies.apply('workload.yaml'));
    const legacy = { ...plain, 'foo/other': 'reset', 'foo/other:8001': 'reset' };
    await expect(neighbours).toTurnOut('STRICT at foo/other', { legacy, bar: certified, foo: certified });
  });

  test('at a port, and not at another of the same workload', async ({ neighbours, policies }) => {
    await test.step('Apply port.yaml', () => policies.apply('port.yaml'));
    const legacy = { ...plain, foo: 'reset' };
    await expect(neighbours).toTurnOut('STRICT at a port of foo', { legacy, bar: certified, foo: certified });
  });

  test('in a namespace but for one port of a workload', async ({ neighbours, policies }) => {
    await test.step('Apply port-exempt.yaml', () => policies.apply('port-exempt.yaml'));
    const legacy = { ...everywhere('reset'), 'foo:8001': 'plain text', bar: 'plain text' };
    await expect(neighbours).toTurnOut('STRICT in foo but for a port', { legacy, bar: certified, foo: certified });
  });
});
