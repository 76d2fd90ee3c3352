import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../mesh/paths.ts';

/** A claim of the tutorials, as docs/scenarios.md has it. */
export interface Claim {
  readonly id: string;
  readonly tutorials: string;
  readonly claim: string;
  /** `built`, `on probation`, or why it is not judged. */
  readonly state: string;
}

/** A tag in a suite, and where it stands. */
export interface Tag {
  readonly id: string;
  readonly file: string;
}

const row = /^\| ([A-Z]\d\d) \| (.*?) \| (.*) \| (.*?) \|$/;
const tag = /@([A-Z]\d\d)\b/g;

export function claimsIn(markdown: string): readonly Claim[] {
  return markdown.split('\n').flatMap((line) => {
    const [, id, tutorials = '', claim = '', state = ''] = row.exec(line) ?? [];
    return id === undefined ? [] : [{ id, tutorials, claim, state }];
  });
}

export function readClaims(): Promise<readonly Claim[]> {
  return readFile(join(projectRoot, 'docs', 'scenarios.md'), 'utf8').then(claimsIn);
}

/** Every tag in the suites, read from their text: quick, and without a cluster. */
export async function readTags(): Promise<readonly Tag[]> {
  const root = join(projectRoot, 'suites');
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.spec.ts'));
  const tags = files.toSorted().map(async (file) => {
    const found = (await readFile(join(root, file), 'utf8')).matchAll(tag);
    return [...found].map(([, id = '']) => ({ id, file: `suites/${file}` }));
  });
  return (await Promise.all(tags)).flat();
}

/** Tags of which nobody says what they claim, in words. */
export function strayTags(claims: readonly Claim[], tags: readonly Tag[]): readonly string[] {
  const known = new Set(claims.map(({ id }) => id));
  const stray = tags.filter(({ id }) => !known.has(id)).map(({ id, file }) => `@${id} in ${file}`);
  return [...new Set(stray)];
}
