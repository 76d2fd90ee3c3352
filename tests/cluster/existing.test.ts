import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ExistingProvider } from '../../mesh/cluster/existing.ts';
import type { Boot } from '../../mesh/cluster/provider.ts';
import { apiServer, writeKubeconfig } from '../fakes/api-server.ts';
import { hearing } from '../fakes/hearing.ts';
import { scratch } from '../fakes/scratch.ts';

/** An existing cluster is not booted. */
const boot = {} as Boot;

describe('an existing cluster', () => {
  test('is used as the context says, and the user hears so', async () => {
    await using folder = await scratch();
    await using server = await apiServer();
    const kubeconfig = folder.at('config');
    await writeKubeconfig(kubeconfig, 'blue', server);
    const { say, notes } = hearing();
    const provider = new ExistingProvider({ context: 'blue', kubeconfig, istioctl: undefined });
    expect(await provider.ensure(boot, say)).toEqual({
      name: 'blue',
      provider: 'existing',
      kubeconfig,
      context: 'blue',
    });
    expect(notes).toEqual(['using context blue, because --context names it']);
  });

  test('whose context the file does not have is refused with the contexts it has', async () => {
    await using folder = await scratch();
    const kubeconfig = folder.at('config');
    await writeKubeconfig(kubeconfig, 'blue', { port: 1, url: '', [Symbol.asyncDispose]: () => Promise.resolve() });
    const provider = new ExistingProvider({ context: 'green', kubeconfig, istioctl: undefined });
    const refused = expect.objectContaining({
      code: 'CONTEXT_NOT_FOUND',
      blame: 'usage',
      message: [
        `Looking for the cluster that --context names: ${kubeconfig} has no context green [CONTEXT_NOT_FOUND]`,
        '  what to do: choose one of its contexts: blue',
      ].join('\n'),
    }) as Error;
    await expect(provider.ensure(boot, hearing().say)).rejects.toThrow(refused);
    await expect(provider.remove(hearing().say)).rejects.toThrow(refused);
  });

  test('whose kubeconfig is missing is refused with the option that names it', async () => {
    await using folder = await scratch();
    const kubeconfig = folder.at('none');
    const provider = new ExistingProvider({ context: 'blue', kubeconfig, istioctl: undefined });
    await expect(provider.ensure(boot, hearing().say)).rejects.toThrow(
      expect.objectContaining({
        code: 'CONTEXT_NOT_FOUND',
        message: [
          `Looking for the cluster that --context names: no readable file ${kubeconfig} [CONTEXT_NOT_FOUND]`,
          '  what to do: name the file with --kubeconfig',
        ].join('\n'),
      }),
    );
  });

  test.each([
    ['no YAML', '{'],
    ['a text', 'hello'],
  ])('whose kubeconfig is %s is refused with its path', async (_, text) => {
    await using folder = await scratch();
    const kubeconfig = folder.at('config');
    await writeFile(kubeconfig, text);
    const provider = new ExistingProvider({ context: 'blue', kubeconfig, istioctl: undefined });
    await expect(provider.ensure(boot, hearing().say)).rejects.toThrow(
      expect.objectContaining({ name: 'HarnessError', message: expect.stringContaining(kubeconfig) as string }),
    );
  });
});
