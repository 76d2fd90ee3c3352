import { describe, expect, test } from 'vitest';
import { inWords } from '../../mesh/world/kept.ts';

const handle = { name: 'blue', owned: true, context: 'kind-blue', kubeconfig: '/k', istioctl: '/bin/istioctl' };
const rule = (apiVersion: string, kind: string, namespace: string, name = 'one') => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
});

describe('what --keep left', () => {
  test('is named where it is, with a command that shows it there, and without what is secret', () => {
    const words = inWords(
      [
        rule('networking.istio.io/v1', 'VirtualService', 'istio-e2e-w0'),
        rule('security.istio.io/v1', 'AuthorizationPolicy', 'istio-e2e-w0-foo'),
        rule('v1', 'Secret', 'istio-e2e-w0-foo', 'key'),
        rule('networking.istio.io/v1', 'Gateway', 'somebody-elses'),
      ],
      handle,
    ).split('\n');
    const kubectl = 'docker exec blue-control-plane kubectl';
    expect(words.slice(0, 4)).toEqual([
      'Kept in istio-e2e-w0: VirtualService one',
      `  ${kubectl} -n istio-e2e-w0 get virtualservice.networking.istio.io -o yaml`,
      'Kept in istio-e2e-w0-foo: AuthorizationPolicy one, Secret key',
      `  ${kubectl} -n istio-e2e-w0-foo get authorizationpolicy.security.istio.io -o yaml`,
    ]);
    expect(words.join('\n')).toContain(' -n istio-e2e-w0 exec deploy/prober ');
  });

  test('on a cluster of the user is looked at with what the user has', () => {
    const words = inWords([rule('networking.istio.io/v1', 'Sidecar', 'istio-e2e-w1')], { ...handle, owned: false });
    expect(words).toContain('kubectl --kubeconfig /k --context kind-blue -n istio-e2e-w1 get sidecar.');
  });

  test('is nothing, and said to be nothing', () => {
    expect(inWords([rule('networking.istio.io/v1', 'Gateway', 'somebody-elses')], handle)).toMatch(/^Nothing is kept/);
  });
});
