import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import type { Refused, RefusedReason } from './protocol.ts';

const REASONS: Partial<Record<string, RefusedReason>> = {
  ECONNREFUSED: 'no-listener',
  ECONNRESET: 'reset',
  EPIPE: 'closed',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EPROTO: 'tls',
};

interface NetworkError extends Error {
  code?: string;
  syscall?: string;
}

export function refused(reason: RefusedReason, detail: string): Refused {
  return { kind: 'refused', reason, detail };
}

/** Sorts an error of node:http by what it says about the network; `stage` tells how far the exchange had come. */
export function refusedBy(error: NetworkError, socket: Socket | null, stage: string): Refused {
  const code = error.code ?? '';
  if (code === 'ECONNRESET') return cutOff(error, stage);
  if (error.syscall === 'getaddrinfo') return refused('dns', code);
  if (/^ERR_(SSL|TLS)_/.test(code) || isCertificateError(code, socket)) return refused('tls', code);
  return refused(REASONS[code] ?? 'other', code === '' ? error.message : code);
}

/** Node gives one code to two events: a reset that a system call reported, and a peer that simply closed. */
function cutOff(error: NetworkError, stage: string): Refused {
  return error.syscall === undefined ? refused('closed', stage) : refused('reset', `ECONNRESET ${stage}`);
}

/** Certificate errors have OpenSSL's names, without a common prefix; the socket knows which one it has met. */
function isCertificateError(code: string, socket: Socket | null): boolean {
  if (code === '' || !(socket instanceof TLSSocket)) return false;
  // The types say Error, but Node leaves the code here, as a string.
  const met: unknown = socket.authorizationError;
  return met === code;
}
