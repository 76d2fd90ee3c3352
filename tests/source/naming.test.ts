import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashFile, hashTree, nameOf } from '../../mesh/source/hash.ts';
import { programParts, type Recipe, referenceOf } from '../../mesh/source/packages/image.ts';
import { scratch } from '../fakes/scratch.ts';

describe('hashes', () => {
  test('a name is twelve digits that depend on each input, their number and their order', () => {
    expect(nameOf('a', 'b')).toMatch(/^[0-9a-f]{12}$/);
    expect(nameOf('a', 'b')).toBe(nameOf('a', 'b'));
    expect(new Set([nameOf('a', 'b'), nameOf('b', 'a'), nameOf('ab'), nameOf('a', 'b', ''), nameOf('a')]).size).toBe(5);
  });

  test('a file is hashed by its content', async () => {
    await using folder = await scratch();
    await writeFile(folder.at('file'), 'abc');
    expect(await hashFile(folder.at('file'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('a tree is hashed by the names and contents of its files, wherever it stands', async () => {
    await using folder = await scratch();
    const tree = async (name: string, files: Readonly<Record<string, string>>) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(folder.at(name), path, '..'), { recursive: true });
        await writeFile(folder.at(name, path), content);
      }
      return hashTree(folder.at(name));
    };
    const one = await tree('one', { a: '1', 'below/b': '2' });
    expect(await tree('same', { 'below/b': '2', a: '1' })).toBe(one);
    const others = [
      await tree('content', { a: '1', 'below/b': '3' }),
      await tree('name', { a: '1', 'below/c': '2' }),
      await tree('place', { a: '1', b: '2' }),
      await tree('swapped', { a: '2', 'below/b': '1' }),
      await tree('more', { a: '1', 'below/b': '2', c: '' }),
    ];
    expect(new Set([one, ...others]).size).toBe(6);
  });
});

describe('referenceOf', () => {
  async function recipes() {
    const folder = await scratch();
    await writeFile(folder.at('Dockerfile'), 'FROM scratch\n');
    await writeFile(folder.at('Other'), 'FROM busybox\n');
    const recipe: Recipe = {
      repository: 'istio-e2e/thing',
      dockerfile: folder.at('Dockerfile'),
      context: { 'bin/a': { path: '/somewhere/a', hash: 'aa' }, 'bin/b': { path: '/somewhere/b', hash: 'bb' } },
      args: { BASE: 'base:1' },
    };
    return { recipe, other: folder.at('Other'), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  test('the same inputs give the same reference, wherever they stand and in whatever order', async () => {
    await using made = await recipes();
    const { recipe } = made;
    const reference = await referenceOf(recipe);
    expect(reference).toMatch(/^istio-e2e\/thing:[0-9a-f]{12}$/);
    const context = { 'bin/b': { path: '/else/b', hash: 'bb' }, 'bin/a': { path: '/else/a', hash: 'aa' } };
    expect(await referenceOf({ ...recipe, context })).toBe(reference);
  });

  test('each changed input gives another reference', async () => {
    await using made = await recipes();
    const { recipe, other } = made;
    const { context } = recipe;
    const changed: Recipe[] = [
      { ...recipe, repository: 'istio-e2e/other' },
      { ...recipe, dockerfile: other },
      { ...recipe, args: { BASE: 'base:2' } },
      { ...recipe, args: { BASE: 'base:1', MORE: '' } },
      { ...recipe, args: {} },
      { ...recipe, context: { ...context, 'bin/a': { path: '/somewhere/a', hash: 'ab' } } },
      { ...recipe, context: { ...context, 'bin/c': { path: '/somewhere/c', hash: 'cc' } } },
      {
        ...recipe,
        context: { 'sbin/a': { path: '/somewhere/a', hash: 'aa' }, 'bin/b': { path: '/somewhere/b', hash: 'bb' } },
      },
    ];
    const references = await Promise.all([recipe, ...changed].map(referenceOf));
    expect(new Set(references).size).toBe(changed.length + 1);
  });

  test('programs stand below their folder with the sums of their build', () => {
    expect(programParts('usr-bin', { folder: '/built', sums: { kubelet: 'aa' } }, ['kubelet', 'kubeadm'])).toEqual({
      'usr-bin/kubelet': { path: '/built/kubelet', hash: 'aa' },
      'usr-bin/kubeadm': { path: '/built/kubeadm', hash: 'missing' },
    });
  });
});
