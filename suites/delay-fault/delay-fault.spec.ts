import { expect, test } from '../../fixtures/test.ts';

test.describe(
  'An injected delay',
  { tag: '@T09', annotation: { type: 'waits', description: '3 s' }, lock: 'waits' },
  () => {
    test('of 3 s holds up who asks with app-ver: v3, and nobody else', async ({ caller, nodebook, web, rules }) => {
      const v4 = caller.to(nodebook);
      const v3 = v4.with({ 'app-ver': 'v3' });
      await test.step('Route by the header app-ver', () => rules.apply('nodebook.yaml'));
      await expect(v3).toLagBehind(v4, { by: 0, version: 'v3' });

      await test.step('Delay v3 by three seconds', () => rules.apply('three-seconds-for-v3.yaml'));
      await Promise.all([
        expect(v3).toLagBehind(v4, { by: 3000, version: 'v3' }),
        // The twin is another service, which no rule for nodebook holds up.
        expect(v4).toLagBehind(caller.to(web), { by: 0, version: 'v4' }),
      ]);
      await expect(v4.with({ 'app-ver': 'v5' })).toLagBehind(v4, { by: 0, version: 'v4' });
    });
  },
);
