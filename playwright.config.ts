import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { MUTANTS_VARIABLE } from './mesh/mutants/load.ts';
import { type Mutant, optionsFor, type PlacedMutant } from './mesh/mutants/mutant.ts';
import { currentRun } from './mesh/world/run.ts';

const report = process.env['ISTIO_E2E_REPORT'] ?? 'report';

// Here and not in the setup: the workers inherit the run through their environment.
currentRun();

const mutantsFile = process.env[MUTANTS_VARIABLE];
const mutants =
  mutantsFile === undefined ? [] : (JSON.parse(await readFile(mutantsFile, 'utf8')) as readonly PlacedMutant[]);
const literally = (text: string) => new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));

// Projects begin in this order: first what takes longest. Each worker serves one project only, so there are no more than needed.
const longest = 'uninstall/*.spec.ts';
const inOrder = [
  { name: 'own cluster', testMatch: longest },
  { name: 'mesh', testIgnore: longest },
];

export default defineConfig<{ mutant: Mutant | undefined }>({
  testDir: 'suites',
  outputDir: join(report, 'artifacts'),
  globalSetup: './fixtures/global-setup.ts',
  fullyParallel: true,
  workers: Number(process.env['ISTIO_E2E_WORKERS'] ?? 2),
  // A verdict is taken once. What fails now and then is a finding, not noise.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  // Several times what a slow machine takes: what hangs has limits of its own.
  globalTimeout: mutants.length === 0 ? 40 * 60_000 : 90 * 60_000,
  // A mutant is a project: the one test that has to notice it, with the configuration broken.
  ...(mutants.length === 0
    ? { projects: inOrder }
    : {
        projects: mutants.map((mutant) => ({
          name: mutant.id,
          testMatch: `${mutant.suite}/*.spec.ts`,
          grep: literally(mutant.test),
          use: { ...optionsFor(mutant), mutant },
        })),
      }),
  reporter: [
    ['./fixtures/reporters/timeouts.ts'],
    [mutants.length === 0 ? 'list' : './fixtures/reporters/mutants.ts'],
    ['html', { outputFolder: join(report, 'html'), open: 'never' }],
    ['junit', { outputFile: join(report, 'junit.xml') }],
    ['json', { outputFile: join(report, 'results.json') }],
    ...(mutants.length === 0
      ? [['./fixtures/reporters/scenario-table.ts', { outputFile: join(report, 'scenarios.md') }] as const]
      : []),
  ],
});
