import { expect, test } from '../../fixtures/test.ts';

const permissive = {
  foo: { foo: 'mutual TLS', bar: 'mutual TLS', legacy: 'plain text' },
  bar: { foo: 'mutual TLS', bar: 'mutual TLS', legacy: 'plain text' },
  legacy: { foo: 'plain text', bar: 'plain text', legacy: 'plain text' },
};

const strict = { ...permissive, legacy: { foo: 'reset', bar: 'reset', legacy: 'plain text' } };

test.describe('Strict mutual TLS in the whole mesh', { tag: ['@S01', '@alone'], lock: '-exclusive-' }, () => {
  test('who has no sidecar reaches nobody who has one', async ({ neighbours, policies }) => {
    // Between sidecars with certificates, otherwise in plain text.
    await expect(neighbours).toTurnOut('no policy', permissive);
    await test.step('Apply mesh-strict.yaml', () => policies.apply('mesh-strict.yaml'));
    await expect(neighbours).toTurnOut('STRICT in the mesh', strict);
    await test.step('Take it back', () => policies.remove('mesh-strict.yaml'));
    await expect(neighbours).toTurnOut('taken back', permissive);
  });
});
