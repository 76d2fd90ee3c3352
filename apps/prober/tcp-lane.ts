import { connect } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { KEPT_BODY_BYTES } from './answer.ts';
import type { Exchange, Lane } from './lane.ts';
import type { Plan } from './plan.ts';
import { refused, refusedBy } from './refusal.ts';

/**
 * A lane that opens a connection, sends the id as one line, reads one line and closes, each time anew: what TCP rules decide, they
 * decide for each connection. A line that came counts as a 200, for want of a status.
 */
export function openTcpLane(plan: Plan, lookup: LookupFunction): Lane {
  return { exchange: (id) => exchange(id, plan, lookup), close: () => undefined };
}

async function exchange(id: string, plan: Plan, lookup: LookupFunction): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ ...plan.dial, lookup });
    let received = '';
    // Only the first of several events decides; a promise ignores the later ones.
    const settle = (ending: Exchange): void => {
      clearTimeout(timer);
      resolve(ending);
      socket.destroy();
    };
    const timer = setTimeout(() => {
      settle({ outcome: refused('timeout', stageOf(socket)) });
    }, plan.timeoutMillis);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (received.includes('\n') || received.length > KEPT_BODY_BYTES) settle(lineOf(received, plan));
    });
    socket.on('error', (error) => {
      settle({ outcome: refusedBy(error, socket, stageOf(socket)) });
    });
    socket.on('end', () => {
      settle({ outcome: refused('closed', 'before an answer') });
    });
    socket.write(`${id}\n`);
  });
}

function lineOf(received: string, plan: Plan): Exchange {
  const [line = ''] = received.split('\n');
  const version = plan.readVersion(line, () => '');
  const outcome = { kind: 'answered', status: 200, version, server: '', detail: '' } as const;
  return plan.bodies ? { outcome, body: line } : { outcome };
}

function stageOf(socket: Socket): string {
  return socket.connecting ? 'while connecting' : 'before an answer';
}
