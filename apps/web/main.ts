import { hostname } from 'node:os';
import { createWeb } from './app.ts';
import { serve } from '../common/serve.ts';

const name = process.env['NAME'] ?? 'web';
const version = process.env['VERSION'] ?? 'v1';
serve(createWeb({ name, version, hostname: hostname() }), { port: 8080, drainMillis: 2_000 });
