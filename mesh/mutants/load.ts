import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { HarnessError, messageOf } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { parseMutants, type PlacedMutant } from './mutant.ts';

/** Name of the environment variable in which the chosen mutants' file is passed to Playwright. */
export const MUTANTS_VARIABLE = 'ISTIO_E2E_MUTANTS';

/** The file beside a suite that holds no rules. */
export const MUTANTS = 'mutants.yaml';

/** All mutants that lie beside the suites, by suite. */
export async function loadMutants(suites = join(projectRoot, 'suites')): Promise<readonly PlacedMutant[]> {
  const found = (await readdir(suites, { recursive: true })).filter((path) => path.endsWith(`/${MUTANTS}`)).toSorted();
  const lists = await Promise.all(found.map((path) => loadFile(suites, path)));
  return lists.flat();
}

async function loadFile(suites: string, path: string): Promise<readonly PlacedMutant[]> {
  const file = join(suites, path);
  try {
    const suite = path.slice(0, -MUTANTS.length - 1);
    return parseMutants(parse(await readFile(file, 'utf8'))).map((mutant) => ({ ...mutant, suite }));
  } catch (cause) {
    throw new HarnessError({
      code: 'MUTANTS_UNUSABLE',
      blame: 'usage',
      doing: `Reading ${file}`,
      expected: 'a list of mutants (CONTRIBUTING, "Prove that it can fail")',
      seen: messageOf(cause),
      next: 'correct the file',
      cause,
    });
  }
}
