import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { judges } from '../../mesh/verdict/registry.ts';

const assertions = Object.keys(judges).filter((name) => name !== 'guard');

test('every matcher has a judge of its name, and every judge but the guard a matcher', async () => {
  const files = (await readdir(join(projectRoot, 'fixtures', 'matchers'))).filter((name) => /^to[A-Z]/.test(name));
  expect(files.map((name) => name.replace('.ts', '')).toSorted()).toEqual(assertions.toSorted());
});

test('no suite claims anything that leaves no evidence', async () => {
  const suites = join(projectRoot, 'suites');
  const specs = (await readdir(suites, { recursive: true })).filter((path) => path.endsWith('.spec.ts'));
  const texts = await Promise.all(specs.map((path) => readFile(join(suites, path), 'utf8')));
  const used = new Set(
    texts.flatMap((text) => [...text.matchAll(/\)\s*\.(?:not\.)?(to[A-Z]\w*)\(/g)].map(([, name]) => name)),
  );
  used.delete('toString');
  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter((name) => !assertions.includes(name ?? ''))).toEqual([]);
});
