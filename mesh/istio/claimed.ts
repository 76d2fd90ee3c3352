import { type CommandOptions, type Exit, exitBehind, run } from '../command.ts';
import { suspectInWords } from '../judge/reasons.ts';
import { redact } from '../redact.ts';

/** A stack that a panic prints is longer than what most commands have to say. */
const MOST_LINES = 40;

const silence =
  'dial tcp|connection (?:refused|reset|timed out)|broken pipe|i/o timeout|TLS handshake timeout|context deadline exceeded|Client\\.Timeout exceeded|http2: |\\bEOF\\b|x509: |getting credentials|no route to host|network is unreachable';

/**
 * By what istioctl says that the API server, or this machine, let it down. That something was refused or timed out is not enough: it says the same of a
 * proxy or an istiod to which it was led, and those are the mesh. So it must be about a path of the API server, or in words that are said of that one only.
 */
const letDown = [
  new RegExp(`"https://[^"]*/(?:apis?|openapi|version)\\b[^"]*": .*(?:${silence})`),
  new RegExp(`error (?:upgrading connection|when reading response body).*(?:${silence})`),
  /Unable to connect to the server|The connection to the server \S+ was refused|http2: client connection lost/,
  /the server (?:is currently unable to handle the request|was unable to return a response in the time allotted)/,
  /error dialing backend|etcdserver: |the server has received too many requests|an error on the server \(/,
  // Whoever may not, or is not known, on a cluster that is not the harness's.
  /User "[^"]*" cannot |(?:^|: )Unauthorized$|must be logged in to the server|must provide credentials/,
  /no space left on device|too many open files|cannot allocate memory/,
];

/**
 * Like `run`, where istioctl itself is what a test makes a claim of: that it comes to an end of its own and gives no answer is a verdict.
 *
 * @throws Error with the mesh for its suspect where it does so
 * @throws HarnessError as `run` where it was not let: not started, ended from outside, or without the API server
 */
export async function claimed(istioctl: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return run(istioctl, args, options).catch((error: unknown) => {
    const exit = exitBehind(error);
    if (exit === undefined || exit.complained.some((line) => letDown.some((words) => words.test(line)))) throw error;
    throw new Error(redact(inWords([istioctl, ...args], exit, options)));
  });
}

function inWords(command: readonly string[], { code, printed, complained }: Exit, options: CommandOptions): string {
  const { alsoAnswers } = options;
  // Warnings and log lines may come before.
  const why = complained.find((line) => /^(?:Error|panic|fatal error): /.test(line)) ?? complained[0] ?? '';
  return [
    `istioctl ${command[1] ?? ''} exited with ${code}: ${why.slice(0, 300) || 'it did not say why'} ${suspectInWords('mesh')}`,
    `  expected: exit code 0${alsoAnswers === undefined ? '' : ` or ${alsoAnswers}`}`,
    `  seen: \`${command.join(' ').slice(0, 300)}\` exited with ${code}`,
    ...printed.slice(-MOST_LINES).map((line) => `    ${line}`),
  ].join('\n');
}
