import type dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { lookupOnce } from '../../apps/prober/lookup.ts';

const address = (last: number) => ({ address: `10.0.0.${last}`, family: 4 });

/** Answers each question with the next of these, and counts them. */
function answering(...answers: (readonly dns.LookupAddress[] | Error)[]) {
  const asked: string[] = [];
  const ask = (hostname: string, _options: unknown, tell: (error: Error | null, addresses: unknown) => void) => {
    const answer = answers[asked.length] ?? new Error('asked too often');
    asked.push(hostname);
    setImmediate(() => {
      if (answer instanceof Error) tell(answer, []);
      else tell(null, answer);
    });
  };
  const lookup = lookupOnce(ask as unknown as typeof dns.lookup);
  return { asked, all: found(lookup, true), one: found(lookup, false) };
}

function found(lookup: LookupFunction, all: boolean) {
  const asking = promisify((hostname: string, tell: (error: Error | null, answer: unknown) => void) => {
    lookup(hostname, { all }, tell);
  });
  return (hostname = 'nodebook') => asking(hostname);
}

test('a name that has one address is asked for once, by many at the same time and by who comes later', async () => {
  const { all, one, asked } = answering([address(1)]);
  expect(await Promise.all([all(), all(), one()])).toEqual([[address(1)], [address(1)], '10.0.0.1']);
  expect(await all()).toEqual([address(1)]);
  expect(asked).toEqual(['nodebook']);
});

test('each name is asked for', async () => {
  const { one, asked } = answering([address(1)], [address(2)]);
  expect([await one('nodebook'), await one('kubia')]).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(asked).toEqual(['nodebook', 'kubia']);
});

test('a name that has several is asked for each time: DNS takes turns with them', async () => {
  const [there, back] = [
    [address(1), address(2)],
    [address(2), address(1)],
  ];
  const { all, one, asked } = answering(there, back, there);
  expect(await Promise.all([all(), all()])).toEqual([there, back]);
  expect(await one()).toBe('10.0.0.1');
  expect(asked).toHaveLength(3);
});

test('what cannot be found is asked for once by many at the same time, and again by who comes later', async () => {
  const { all, asked } = answering(new Error('ENOTFOUND'), [address(1)]);
  const together = await Promise.allSettled([all(), all()]);
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toHaveLength(1);
  expect(await all()).toEqual([address(1)]);
});
