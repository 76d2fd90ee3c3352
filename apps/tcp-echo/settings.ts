export interface Settings {
  ports: number[];
  prefix: string;
}

/** From the arguments, `9000,9001 one` as in Istio's sample, else from PORTS (or PORT) and PREFIX. */
export function readSettings(args: readonly string[], env: Readonly<Partial<Record<string, string>>>): Settings {
  const ports = (args[0] ?? env['PORTS'] ?? env['PORT'] ?? '9000,9001').split(',');
  const prefix = args[1] ?? env['PREFIX'] ?? 'one';
  const wrong = ports.find((port) => !/^\d{1,5}$/.test(port));
  if (wrong !== undefined) throw new Error(`Ports must be numbers with commas between them; "${wrong}" is none.`);
  return { ports: ports.map(Number), prefix };
}
