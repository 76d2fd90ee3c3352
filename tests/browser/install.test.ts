import { expect, test, vi } from 'vitest';
import { ensureChromium, type here } from '../../mesh/browser/install.ts';
import { HarnessError } from '../../mesh/errors.ts';
import { hearing } from '../fakes/hearing.ts';

const debian: typeof here = {
  named: () => '',
  found: () => Promise.resolve(undefined),
  mayInstall: () => true,
  distributions: () => Promise.resolve(['debian']),
  install: () => Promise.resolve(),
};

test('on Debian, where there is none, the package is installed, and said to be', async () => {
  const { say, notes } = hearing();
  const install = vi.fn(debian.install);
  await ensureChromium(say, { ...debian, install });
  expect(install).toHaveBeenCalledOnce();
  expect(notes).toEqual(['no Chromium here: installing the package chromium']);
});

test.each<[string, Partial<typeof here>]>([
  ['one is there', { found: () => Promise.resolve('/usr/bin/chromium') }],
  ['one is named', { named: () => '/opt/chromium' }],
  ['this user may not install', { mayInstall: () => false }],
  ['Ubuntu has it as a snap only', { distributions: () => Promise.resolve(['ubuntu', 'debian']) }],
  ['another distribution has other packages', { distributions: () => Promise.resolve(['fedora']) }],
])('nothing is installed where %s', async (_, machine) => {
  const { say, notes } = hearing();
  const install = vi.fn(debian.install);
  await ensureChromium(say, { ...debian, ...machine, install });
  expect(install).not.toHaveBeenCalled();
  expect(notes).toEqual([]);
});

test('where it cannot be installed, what that means is said, and nothing fails', async () => {
  const { say, notes } = hearing();
  const failure = new HarnessError({
    code: 'COMMAND_FAILED',
    blame: 'environment',
    doing: 'Installing Chromium',
    seen: 'exit code 100',
    next: 'see',
  });
  await ensureChromium(say, { ...debian, install: () => Promise.reject(failure) });
  expect(notes.at(-1)).toBe(
    'tests that look at pages will be skipped: Installing Chromium: exit code 100 [COMMAND_FAILED]',
  );
});
