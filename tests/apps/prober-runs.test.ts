import { expect, test } from 'vitest';
import type { RunProgress, RunRequest, RunStarted, SendAnswer } from '../../apps/prober/protocol.ts';
import { startApp } from './child.ts';
import { startProber } from './prober.ts';
import type { TestProber } from './prober.ts';
import { httpServer } from './servers.ts';

async function startRun(prober: TestProber, request: RunRequest): Promise<string> {
  const { status, json } = await prober.call('POST', '/runs', request);
  expect(status).toBe(201);
  return (json as RunStarted).id;
}

async function stopRun(prober: TestProber, id: string): Promise<SendAnswer> {
  const { status, json } = await prober.call('POST', `/runs/${id}/stop`);
  expect(status).toBe(200);
  return json as SendAnswer;
}

/** A server that answers `v1` until told otherwise, and tells when it has given an answer so many times. */
async function changingServer() {
  let version = 'v1';
  const given: Record<string, number> = {};
  const awaited: { version: string; count: number; done: () => void }[] = [];
  const server = await httpServer((_, response) => {
    response.end(version);
    const count = (given[version] = (given[version] ?? 0) + 1);
    for (const each of awaited) if (each.version === version && each.count === count) each.done();
  });
  const hasGiven = (count: number, of: string) =>
    new Promise<void>((done) => awaited.push({ version: of, count, done }));
  return { ...server, given, hasGiven, change: (to: string) => (version = to) };
}

test('a run goes on while the server changes, and its stop accounts for every request', async () => {
  await using prober = await startProber();
  await using server = await changingServer();
  const before = server.hasGiven(20, 'v1');
  const after = server.hasGiven(20, 'v2');
  const id = await startRun(prober, { target: server.url, rate: 400, durationSeconds: 60 });
  await before;
  const progress = (await prober.call('GET', `/runs/${id}`)).json as RunProgress;
  expect(progress).toMatchObject({ id, state: 'sending' });
  expect(progress.sent).toBeGreaterThanOrEqual(20);
  server.change('v2');
  await after;
  const answer = await stopRun(prober, id);
  const counts = answer.tally.map(({ outcome, count }) => [outcome.kind === 'answered' && outcome.version, count]);
  expect(answer.endedBy).toBe('stop');
  expect(Object.fromEntries(counts)).toEqual(server.given);
  expect(answer.sent).toBe(server.requests.length);
});

test('a run may end by itself, and its answer can be had more than once', async () => {
  await using prober = await startProber();
  await using server = await changingServer();
  const all = server.hasGiven(5, 'v1');
  const id = await startRun(prober, { target: server.url, count: 5, durationSeconds: 60 });
  await all;
  const first = await stopRun(prober, id);
  expect(first).toMatchObject({ sent: 5, endedBy: 'count' });
  expect(await stopRun(prober, id)).toEqual(first);
  expect((await prober.call('GET', `/runs/${id}`)).json).toMatchObject({ state: 'finished', sent: 5, inFlight: 0 });
});

test('stopping a run awaits what is in flight', async () => {
  await using prober = await startProber();
  let release = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answerNow = (): void => undefined;
  await using server = await httpServer((_, response) => {
    answerNow = () => response.end('v1');
    release();
  });
  const id = await startRun(prober, { target: server.url, durationSeconds: 60 });
  await arrived;
  const stopped = stopRun(prober, id);
  await prober.call('GET', '/healthz');
  answerNow();
  expect(await stopped).toMatchObject({ sent: 1, tally: [{ outcome: { kind: 'answered', version: 'v1' }, count: 1 }] });
});

test('a ninth run is refused while eight go on, and accepted when one has finished', async () => {
  await using prober = await startProber();
  await using server = await httpServer((_, response) => response.end('v1'));
  const request: RunRequest = { target: server.url, rate: 1, durationSeconds: 60 };
  const ids = await Promise.all(Array.from({ length: 8 }, () => startRun(prober, request)));
  expect(await prober.call('POST', '/runs', request)).toMatchObject({
    status: 429,
    json: { error: '8 runs are going on already.', next: 'Stop one of them with POST /runs/:id/stop.' },
  });
  await stopRun(prober, ids[0] ?? '');
  ids.push(await startRun(prober, request));
  await Promise.all(ids.slice(1).map((id) => stopRun(prober, id)));
});

test.each(['GET /runs/none', 'POST /runs/none/stop'])('%s is 404', async (line) => {
  await using prober = await startProber();
  const [method = '', path = ''] = line.split(' ');
  expect(await prober.call(method, path)).toMatchObject({ status: 404, json: { error: 'There is no run none.' } });
});

test('SIGTERM ends what is being sent, answers with its tally, and exits with 0', async () => {
  await using app = await startApp('prober');
  await using server = await httpServer((_, response) => {
    response.end('v1');
    if (server.requests.length === 10) app.terminate();
  });
  const body = JSON.stringify({ target: server.url, durationSeconds: 60 });
  const answer = (await (await fetch(new URL('/send', app.url), { method: 'POST', body })).json()) as SendAnswer;
  expect(answer).toMatchObject({ endedBy: 'stop', sent: server.requests.length });
  await expect(app.exited).resolves.toBe(0);
});
