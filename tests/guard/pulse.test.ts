import { expect, test } from 'vitest';
import { Pulse } from '../../mesh/guard/pulse.ts';

/** A pulse that beats when it is told, on a clock that goes when it is told, of an API server that answers when it is told. */
function patient() {
  const time = { now: 0, ahead: 0 };
  const answers: PromiseWithResolvers<unknown>[] = [];
  const ask = () => {
    answers.push(Promise.withResolvers());
    return answers.at(-1)?.promise ?? Promise.resolve();
  };
  const pulse = new Pulse(ask, { now: () => time.now, wall: () => 1e12 + time.now + time.ahead });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    pulse,
    time,
    /** So many beats, each with its answer after so many milliseconds, or a failure. */
    beats: async (count: number, millis = 10, failure?: string) => {
      for (let beat = 0; beat < count; beat += 1) {
        time.now += 500;
        pulse.beat();
        time.now += millis;
        if (failure === undefined) answers.at(-1)?.resolve(undefined);
        else answers.at(-1)?.reject(new Error(failure));
        await settled();
        time.now -= Math.min(millis, 500);
      }
    },
  };
}

test('nothing is said while everything answers', async () => {
  const { pulse, beats } = patient();
  await beats(20);
  expect(pulse.troubles(0, 0)).toEqual([]);
});

test('a server that answers late, once, is no trouble; one that keeps still is', async () => {
  const { pulse, beats } = patient();
  await beats(5);
  await beats(1, 450);
  expect(pulse.troubles(0, 0)).toEqual([]);
  const { pulse: other, time, beats: othersBeat } = patient();
  await othersBeat(3);
  for (let beat = 0; beat < 24; beat += 1) {
    time.now += 500;
    other.beat();
  }
  expect(other.troubles(0, 0)).toEqual(['the API server gave no answer for 11.5 s']);
});

test('two failures in a row are an outage, a single one is a broken connection', async () => {
  const { pulse, beats } = patient();
  await beats(2);
  await beats(1, 10, 'other side closed');
  await beats(2);
  expect(pulse.troubles(0, 0)).toEqual([]);
  await beats(
    8,
    10,
    'Speaking to the API server: GET /version failed: connect ECONNREFUSED [KUBE_UNREACHABLE]\n  what to do',
  );
  await beats(1);
  expect(pulse.troubles(0, 0)).toEqual([
    expect.stringMatching(/^the API server could not be asked for [34]\.\d s: connect ECONNREFUSED$/),
  ]);
});

test('a process that stood still, and a clock that jumped, are told apart', async () => {
  const { pulse, time, beats } = patient();
  await beats(3);
  time.now += 8_000;
  await beats(1);
  expect(pulse.troubles(0, 0)).toEqual(['this process stood still for 8.0 s']);
  time.ahead = 7_200_000;
  await beats(1);
  expect(pulse.troubles(0, 0)).toEqual([
    "this machine's clock jumped by +7200.0 s",
    'this process stood still for 8.0 s',
  ]);
});

test('what is long past explains nothing, neither a standstill nor a jump', async () => {
  const { pulse, time, beats } = patient();
  time.now += 8_000;
  time.ahead = -60_000;
  await beats(1);
  for (let round = 0; round < 10; round += 1) await beats(20);
  expect(pulse.troubles(pulse.now, 60_000)).toEqual([]);
  expect(pulse.troubles(pulse.now, 600_000)).toHaveLength(2);
});

test('a clock that jumped during a long test, or shortly before one, explains that it is red', async () => {
  const { pulse, time, beats } = patient();
  const began = pulse.now;
  time.ahead = 7_200_000;
  await beats(1);
  const jump = ["this machine's clock jumped by +7200.0 s"];
  await beats(100);
  expect(pulse.troubles(pulse.now, 60_000)).toEqual(jump);
  await beats(100);
  expect(pulse.troubles(pulse.now, 60_000)).toEqual([]);
  expect(pulse.troubles(began, 60_000)).toEqual(jump);
});

test('a machine is slow where answers are late one after the other', async () => {
  const { pulse, beats } = patient();
  const began = pulse.now;
  await beats(5, 1_500);
  expect(pulse.troubles(began, 0)).toEqual([
    expect.stringMatching(/^this machine is slow: the API server took 1\.\d s for an answer \(median of \d\)$/),
  ]);
});
