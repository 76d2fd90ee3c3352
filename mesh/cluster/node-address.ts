import { connect } from 'node:net';
import { converge } from '../waiting/converge.ts';

/** A machine that stands still for some seconds is no machine without a way. */
const patience = { within: 15_000, every: 500 };
const ONE_TRY = 3_000;

/**
 * Whether this machine has a way to an address of a node at all. That nobody listens there is an answer, too: it is for a test to say who should.
 *
 * @param address `172.18.0.2:31567`
 */
export async function reaches(address: string, pace = patience): Promise<boolean> {
  return (await converge(() => answers(address), Boolean, pace)).held;
}

function answers(address: string): Promise<boolean> {
  const { hostname: host, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: ONE_TRY });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => {
      end(true);
    });
    socket.once('timeout', () => {
      end(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      end(code === 'ECONNREFUSED' || code === 'ECONNRESET');
    });
  });
}
