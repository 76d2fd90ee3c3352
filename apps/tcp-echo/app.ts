import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

const LONGEST_LINE = 64 * 1024;

/** Answers each line with `<prefix> <line>`. What has no line end yet is not answered, as in Istio's sample. */
export function createEcho(prefix: string): Server {
  return createServer((socket) => {
    echo(socket, prefix);
  });
}

function echo(socket: Socket, prefix: string): void {
  let rest = '';
  // One character is one byte, so that whatever comes goes back as it was.
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    socket.write(lines.map((line) => `${prefix} ${line}\n`).join(''), 'latin1');
    if (rest.length > LONGEST_LINE) socket.destroy();
  });
  // A caller that goes away in the middle is everyday life behind a proxy.
  socket.on('error', () => undefined);
}
