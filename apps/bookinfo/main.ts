import { hostname } from 'node:os';
import { createBookinfo } from './app.ts';
import { serve } from '../common/serve.ts';
import { readSettings } from './settings.ts';

const settings = readSettings({ args: process.argv.slice(2), env: process.env, hostname: hostname() });
serve(createBookinfo(settings), { port: 9080, drainMillis: 2_000 });
