import { hostname } from 'node:os';
import { createKubia } from './app.ts';
import { serve } from '../common/serve.ts';

serve(createKubia(process.env['VERSION'] ?? 'v1', hostname()), { port: 8080, drainMillis: 2_000 });
