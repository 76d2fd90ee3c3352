import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ruleFiles } from '../../mesh/rules/files.ts';
import { ruleInWords } from '../../mesh/rules/rule.ts';

const rule = (kind: string, name: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;

test('a file leans on the subsets and gateways of its suite, but not on those that it has itself, nor on routes', async () => {
  const root = await mkdtemp(join(tmpdir(), 'rules-'));
  await mkdir(join(root, 'suite', 'broken'), { recursive: true });
  const files = {
    'suite/a.spec.ts': '',
    'suite/first.yaml': `${rule('DestinationRule', 'd')}---\n${rule('VirtualService', 'v')}`,
    'suite/second.yaml': `${rule('VirtualService', 'v')}---\n${rule('Gateway', 'g')}`,
    'suite/third.yaml': `${rule('DestinationRule', 'd')}---\n${rule('VirtualService', 'w')}`,
    'suite/mutants.yaml': '- id: not-a-rule',
    'suite/broken/one.yaml': rule('DestinationRule', 'x'),
    'suite/broken/two.yaml': rule('VirtualService', 'y'),
  };
  await Promise.all(Object.entries(files).map(([name, body]) => writeFile(join(root, name), body)));
  const found = await ruleFiles(root);
  expect(found.map(({ name, leansOn }) => [name, leansOn.map((one) => ruleInWords(one))])).toEqual([
    ['suite/broken/one.yaml', []],
    ['suite/broken/two.yaml', []],
    ['suite/first.yaml', ['Gateway g']],
    ['suite/second.yaml', ['DestinationRule d']],
    ['suite/third.yaml', ['Gateway g']],
  ]);
});
