import { expect, test } from 'vitest';
import { goBuild, goProgress } from '../../mesh/source/packages/go-build.ts';
import { program, scratch } from '../fakes/scratch.ts';

test('a module that is fetched is no package that was compiled', () => {
  const told: string[] = [];
  const tell = goProgress((what) => told.push(what), 'Prometheus');
  ['go: downloading istio.io/api v1.31.1', 'istio.io/api/networking', 'go: downloading a v1', 'k8s.io/api'].forEach(
    tell,
  );
  expect(told).toEqual([
    'Go: downloading istio.io/api v1.31.1',
    'Go: 1 packages of Prometheus compiled, at istio.io/api/networking',
    'Go: downloading a v1',
    'Go: 2 packages of Prometheus compiled, at k8s.io/api',
  ]);
});

test('a compilation that fails says why, and not which packages were compiled meanwhile', async () => {
  await using folder = await scratch();
  const packages = Array.from({ length: 25 }, (_, index) => `echo k8s.io/api/v${index}`);
  const go = await program(folder, 'go', [
    'echo "go: downloading k8s.io/api v0.36.1"',
    'echo "# istio.io/a"',
    'echo "a/client.go:220:10: cannot use b"',
    ...packages,
    'exit 1',
  ]);
  await expect(goBuild(go, folder.path, [], 'Istio', () => undefined)).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: expect.stringMatching(
      / exited with 1\n {4}# istio\.io\/a\n {4}a\/client\.go:220:10: cannot use b \[COMMAND_FAILED\]\n/,
    ) as string,
  });
});
