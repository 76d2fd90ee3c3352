import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

const cli = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url));
const message = z.object({ message: z.string().default('') });
const result = z.object({ status: z.string(), errors: z.array(message).default([]) });
const spec = z.object({ title: z.string(), tests: z.array(z.object({ results: z.array(result) })) });
const suite = z.object({ specs: z.array(spec) });
const printout = z.object({ suites: z.array(suite), errors: z.array(message).default([]) });

/**
 * What came of each test of a small suite beside this file, by its title: '' where it passed.
 *
 * @param report where its evidence goes
 */
export async function played(folder: string, report: string): Promise<ReadonlyMap<string, string>> {
  const suitePath = fileURLToPath(new URL(folder, import.meta.url));
  const args = [cli, 'test', '-c', suitePath, '--reporter', 'json', '--workers', '4', '--fully-parallel'];
  const printed = await new Promise<string>((resolve) => {
    const env = { ...process.env, ISTIO_E2E_REPORT: report };
    execFile(process.execPath, args, { maxBuffer: 1e7, env }, (_error, stdout) => {
      resolve(stdout);
    });
  });
  const { suites, errors } = printout.parse(JSON.parse(printed));
  if (errors.length > 0) throw new Error(`The suite ${folder} could not be played: ${errors[0]?.message ?? ''}`);
  return new Map(suites.flatMap(({ specs }) => specs).map(({ title, tests }) => [title, saidBy(tests[0]?.results[0])]));
}

function saidBy(outcome: z.infer<typeof result> | undefined): string {
  const said = outcome?.errors[0]?.message ?? (outcome?.status === 'passed' ? '' : 'it was not run');
  return stripVTControlCharacters(said).replace(/^Error: /, '');
}
