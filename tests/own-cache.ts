import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Runs before each test file: whatever its tests keep, they keep in a cache of their own and never in the user's.
const folder = mkdtempSync(join(tmpdir(), 'istio-e2e-cache-'));
process.env['ISTIO_E2E_CACHE'] = folder;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
