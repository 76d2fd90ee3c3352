import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseRules } from '../../mesh/rules/rule.ts';
import { residentsOf } from '../../mesh/world/residents.ts';

const written = async (file: string) =>
  parseRules(await readFile(new URL(`../../mesh/world/${file}`, import.meta.url), 'utf8'));

test('a second resident differs from the first in its name alone, wherever that stands', async () => {
  const resident = await written('resident.yaml');
  const [first, second] = ['httpbin', 'other'].map((name) => residentsOf(resident, [name]));
  expect(first?.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Service', 'Deployment']);
  expect(first).toEqual(resident);
  expect(second?.map(({ metadata }) => metadata.name)).toEqual(['other', 'other', 'other']);
  expect(second?.[1]).toMatchObject({ metadata: { labels: { app: 'other' } }, spec: { selector: { app: 'other' } } });
  expect(second?.[2]).toMatchObject({
    metadata: { labels: { app: 'other' } },
    spec: {
      selector: { matchLabels: { app: 'other' } },
      template: { metadata: { labels: { app: 'other' } }, spec: { serviceAccountName: 'other' } },
    },
  });
});
