import { expect, test } from 'vitest';
import { follow } from '../../mesh/injection/packet.ts';
import { contradictions } from '../../mesh/injection/redirection.ts';
import { saved } from './saved.ts';

const declared = {
  outbound: '15001',
  inbound: '15006',
  user: '1337',
  mode: 'REDIRECT',
  past: ['15090', '15021', '15020'],
};

test('what a pod redirects is read from its rules', () => {
  const leaving = { chain: 'OUTPUT', port: 3000, to: '192.0.2.7' } as const;
  expect(follow(saved, { ...leaving, user: '1000' })).toEqual({ redirectedTo: '15001' });
  expect(follow(saved, { ...leaving, user: '1337' })).toBe('passes');
  expect(follow(saved, { ...leaving, to: '127.0.0.1', user: '1000' })).toBe('passes');
  const coming = { chain: 'PREROUTING', to: '10.244.0.9' } as const;
  expect(follow(saved, { ...coming, port: 8080 })).toEqual({ redirectedTo: '15006' });
  expect(follow(saved, { ...coming, port: 15020 })).toBe('passes');
});

test('rules that do as declared contradict nothing', () => {
  expect(contradictions(saved, declared)).toEqual([]);
});

test('each contradiction is named', () => {
  const other = saved.replace('--to-ports 15001', '--to-ports 15002').replace('--dport 15020', '--dport 15099');
  expect(contradictions(other, declared)).toEqual([
    'what the program sends goes to 15002, and not to 15001',
    'what comes in at 15020 goes to 15006, and not past the proxy',
  ]);
});

test('a pod without any rules redirects nothing', () => {
  expect(contradictions('*nat\nCOMMIT\n', declared)).toEqual([
    'what the program sends goes past the proxy, and not to 15001',
    'what comes in goes past the proxy, and not to 15006',
  ]);
});

test('a test that is not known is refused rather than taken to hold', () => {
  const strange = saved.replace('-A ISTIO_OUTPUT -d 127.0.0.1/32', '-A ISTIO_OUTPUT --cgroup 7 -d 127.0.0.1/32');
  expect(() => contradictions(strange, declared)).toThrow('PACKET_RULE_UNKNOWN');
});
