import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { currentRun } from './mesh/world/run.ts';

const report = process.env['ISTIO_E2E_REPORT'] ?? 'report';

// Here and not in the setup: the workers inherit the run through their environment.
currentRun();

export default defineConfig({
  testDir: 'suites',
  outputDir: join(report, 'artifacts'),
  globalSetup: './fixtures/global-setup.ts',
  fullyParallel: true,
  workers: Number(process.env['ISTIO_E2E_WORKERS'] ?? 2),
  // A verdict is taken once. What fails now and then is a finding, not noise.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  globalTimeout: 15 * 60_000,
  reporter: [
    ['list'],
    ['html', { outputFolder: join(report, 'html'), open: 'never' }],
    ['junit', { outputFile: join(report, 'junit.xml') }],
    ['json', { outputFile: join(report, 'results.json') }],
    ['./fixtures/reporters/scenario-table.ts', { outputFile: join(report, 'scenarios.md') }],
  ],
});
