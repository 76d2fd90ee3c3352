import { isDeepStrictEqual } from 'node:util';
import type { Redirection } from './anatomy.ts';
import { follow, type Packet, type Way } from './packet.ts';

interface Expectation {
  readonly what: string;
  readonly packet: Packet;
  readonly way: Way;
}

const ELSEWHERE = '192.0.2.7';
const SOME_USER = '1000';
const SOME_PORT = 3000;

/** In what the kernel of a pod does not do what the init container's arguments say; empty where it does. */
export function contradictions(saved: string, declared: Redirection): readonly string[] {
  return expectations(declared).flatMap(({ what, packet, way }) => {
    const seen = follow(saved, packet);
    return isDeepStrictEqual(seen, way) ? [] : [`${what} goes ${inWords(seen)}, and not ${inWords(way)}`];
  });
}

function expectations({ outbound, inbound, user, past }: Redirection): readonly Expectation[] {
  const leaving = { chain: 'OUTPUT', port: SOME_PORT, to: ELSEWHERE } as const;
  const coming = { chain: 'PREROUTING', to: ELSEWHERE } as const;
  return [
    {
      what: 'what the program sends',
      packet: { ...leaving, user: SOME_USER },
      way: { redirectedTo: outbound },
    },
    { what: `what the proxy (user ${user}) sends`, packet: { ...leaving, user }, way: 'passes' },
    { what: 'what comes in', packet: { ...coming, port: SOME_PORT }, way: { redirectedTo: inbound } },
    ...past.map((port) => ({
      what: `what comes in at ${port}`,
      packet: { ...coming, port: Number(port) },
      way: 'passes' as const,
    })),
  ];
}

function inWords(way: Way): string {
  return way === 'passes' ? 'past the proxy' : `to ${way.redirectedTo}`;
}
