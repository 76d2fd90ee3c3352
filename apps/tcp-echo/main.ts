import { createEcho } from './app.ts';
import { serveTcp } from './serve-tcp.ts';
import { readSettings } from './settings.ts';

const { ports, prefix } = readSettings(process.argv.slice(2), process.env);
await serveTcp(() => createEcho(prefix), { ports, drainMillis: 2_000 });
