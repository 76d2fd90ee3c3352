import { expect, test } from 'vitest';
import { whileScaled } from '../../mesh/mutants/scale.ts';
import { names } from '../../mesh/world/names.ts';
import { withDns } from '../fakes/dns.ts';

const away = { namespace: 'kube-system', name: 'coredns', to: 0 };

test('a deployment has another number of pods while something is done, and its own again however that ends', async () => {
  await using there = await withDns(2);
  const work = () => {
    expect(there.dns).toEqual({ replicas: 0, annotations: { [names.scaled]: '2' } });
    return Promise.reject(new Error('the test is red'));
  };
  await expect(whileScaled(there.kube, away, work)).rejects.toThrow('the test is red');
  expect(there.dns).toEqual({ replicas: 2, annotations: {} });
});
