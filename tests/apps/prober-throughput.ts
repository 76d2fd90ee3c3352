/**
 * Measures how many requests a second a prober sends: run it with node on an idle machine. Server and prober are
 * processes of their own, as in the cluster; there is no proxy between them. Not a test: it would judge the machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { SendAnswer, SendLimit, Traffic } from '../../apps/prober/protocol.ts';
import { startApp } from './child.ts';

const HUNDRED_BYTES = `v3 ${'x'.repeat(96)}\n`;

const MEASUREMENTS: [name: string, traffic: Omit<Traffic, 'target'> & SendLimit][] = [
  ['warm-up', { count: 20_000, concurrency: 16 }],
  ['16 kept', { count: 40_000, concurrency: 16 }],
  ['16 kept, with records', { count: 40_000, concurrency: 16, records: true }],
  ['16 fresh', { count: 10_000, concurrency: 16, connections: 'fresh' }],
  ['2,000 a second', { durationSeconds: 3, rate: 2_000, concurrency: 16 }],
];

async function serveAnswers(): Promise<void> {
  const server = createServer((_, response) => response.end(HUNDRED_BYTES)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
  process.once('disconnect', () => process.exit());
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = (await once(server, 'message')) as [number];
  await using prober = await startApp('prober');
  for (const [name, traffic] of MEASUREMENTS) {
    const body = JSON.stringify({ target: `http://127.0.0.1:${port}/`, ...traffic });
    const answer = await fetch(new URL('/send', prober.url), { method: 'POST', body });
    print(name, (await answer.json()) as SendAnswer);
  }
  console.log(`load: ${loadavg().join(' ')}`);
  server.disconnect();
}

function print(name: string, { sent, ratePerSecond, millis, behindMillis, tally }: SendAnswer): void {
  const rate = `${Math.round(ratePerSecond)} requests/s`;
  console.log(
    `${name}: ${sent} sent, ${rate}, p99 ${millis.p99} ms, behind ${behindMillis} ms, ${tally.length} outcome(s)`,
  );
}

await (process.argv[2] === 'serve' ? serveAnswers() : measure());
