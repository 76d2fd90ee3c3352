import { BlockList } from 'node:net';
import { HarnessError } from '../errors.ts';

/** A packet that opens a TCP connection, where the kernel first looks at it. */
export interface Packet {
  readonly chain: 'PREROUTING' | 'OUTPUT';
  readonly port: number;
  readonly to: string;
  /** Who sends it, for one that leaves. */
  readonly user?: string;
}

/** Where a packet goes: to a port of the pod itself, or on its way as if nothing were there. */
export type Way = { readonly redirectedTo: string } | 'passes';

interface Test {
  readonly option: string;
  readonly value: string;
  readonly not: boolean;
}

interface Step {
  readonly chain: string;
  readonly tests: readonly Test[];
  readonly target: string;
  readonly toPorts: string;
}

/** Follows a packet through the rules that `iptables-save` prints of the table `nat`. */
export function follow(saved: string, packet: Packet): Way {
  const steps = saved
    .split('\n')
    .filter((line) => line.startsWith('-A '))
    .map(stepIn);
  return walk(steps, packet.chain, packet) ?? 'passes';
}

/** Undefined where the chain has nothing to say, so that the one that called it goes on. */
function walk(steps: readonly Step[], chain: string, packet: Packet): Way | undefined {
  for (const { tests, target, toPorts } of steps.filter((step) => step.chain === chain)) {
    if (!tests.every((test) => holds(test, packet) !== test.not)) continue;
    if (target === 'RETURN') return undefined;
    if (target === 'ACCEPT') return 'passes';
    if (target === 'REDIRECT') return { redirectedTo: toPorts };
    const way = walk(steps, target, packet);
    if (way !== undefined) return way;
  }
  return undefined;
}

function stepIn(line: string): Step {
  const words = line.split(' ');
  const tests: Test[] = [];
  let [target, toPorts, not] = ['', '', false];
  for (let at = 2; at < words.length; at += 1) {
    const option = words[at] ?? '';
    if (option === '!') {
      not = true;
      continue;
    }
    const value = words[(at += 1)] ?? '';
    if (option === '-j') target = value;
    else if (option === '--to-ports') toPorts = value;
    // A module brings the options that follow, and tests nothing itself.
    else if (option !== '-m') tests.push({ option, value, not });
    not = false;
  }
  return { chain: words[1] ?? '', tests, target, toPorts };
}

function holds({ option, value }: Test, { port, to, user }: Packet): boolean {
  switch (option) {
    case '-p':
      return value === 'tcp';
    case '--dport':
      return Number(value) === port;
    case '--uid-owner':
    case '--gid-owner':
      return value === user;
    case '-d':
      return within(to, value);
    // Only what the loopback carries is told apart: nothing that is followed here.
    case '-o':
    case '-i':
      return value !== 'lo';
    case '-s':
      return !value.startsWith('127.');
    default:
      throw unknown(`${option} ${value}`);
  }
}

function within(address: string, range: string): boolean {
  const [net = '', bits = '32'] = range.split('/');
  const list = new BlockList();
  list.addSubnet(net, Number(bits));
  return list.check(address);
}

function unknown(seen: string): HarnessError {
  return new HarnessError({
    code: 'PACKET_RULE_UNKNOWN',
    blame: 'environment',
    doing: "Following a packet through a pod's redirection",
    expected: 'tests that mesh/injection/packet.ts knows',
    seen,
    next: 'teach it that test',
  });
}
