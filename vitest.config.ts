import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A limit is there for what hangs. A machine may take five times as long as others for the same.
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/own-cache.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
