import { createProber } from './app.ts';
import { serve } from '../common/serve.ts';

const { server, stopSending } = createProber(process.env['ENVOY_ADMIN'] ?? 'http://127.0.0.1:15000');
// No drain: the only caller of a prober is the harness, which does not come through a Service.
serve(server, { port: 8099, drainMillis: 0, onStop: stopSending });
