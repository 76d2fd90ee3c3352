import { createServer } from 'node:http';
import { createApp } from './app.ts';
import { serve } from '../common/serve.ts';

const app = createApp(process.env['VERSION'] ?? 'v3');
serve(createServer(app.callback()), { port: 3000, drainMillis: 2_000 });
