import { createProber } from '../../apps/prober/app.ts';
import type { Outcome, SendAnswer, SendRequest } from '../../apps/prober/protocol.ts';
import { listen } from './servers.ts';

export interface TestProber extends AsyncDisposable {
  url: string;
  send(request: SendRequest): Promise<SendAnswer>;
  /** Any call, with its status and its answer as text and, where it is JSON, as a value. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; text: string; json: unknown }>;
}

export async function startProber(envoyAdmin = 'http://127.0.0.1:1'): Promise<TestProber> {
  const { server } = createProber(envoyAdmin);
  const listening = await listen(server);
  const call: TestProber['call'] = async (method, path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(new URL(path, listening.url), { method, ...(body !== undefined && { body: text }) });
    const said = await answer.text();
    return { status: answer.status, text: said, json: jsonOf(said) };
  };
  const send = async (request: SendRequest): Promise<SendAnswer> => {
    const { status, text, json } = await call('POST', '/send', request);
    if (status !== 200) throw new Error(`POST /send answered ${status}: ${text}`);
    return json as SendAnswer;
  };
  return { ...listening, send, call };
}

/** The outcome of a send whose requests all ended alike. */
export async function onlyOutcome(prober: TestProber, request: SendRequest): Promise<Outcome> {
  const { tally } = await prober.send(request);
  const [row, ...others] = tally;
  if (row === undefined || others.length > 0) throw new Error(`not one outcome but ${JSON.stringify(tally)}`);
  return row.outcome;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
