import { firstLine, messageOf } from '../errors.ts';
import { distributions, install, mayInstall } from '../machine/apt.ts';
import type { Say } from '../say.ts';
import { BROWSER_VARIABLE, findChromium } from './find.ts';

/** What is asked, and done, on this machine. */
export const here = {
  named: () => process.env[BROWSER_VARIABLE] ?? '',
  found: () => findChromium(),
  mayInstall,
  distributions: () => distributions(),
  install: () => install(['chromium'], 'Installing Chromium'),
};

/**
 * Sees to it that there is a Chromium, where Debian has one as a package and this user may install it (Ubuntu's is a snap, which needs its
 * own service). Where none comes of it, tests that look at pages are skipped: that is said, and is no error.
 */
export async function ensureChromium(say: Say, machine: typeof here = here): Promise<void> {
  if (machine.named() !== '' || (await machine.found()) !== undefined) return;
  const like = await machine.distributions();
  if (!machine.mayInstall() || !like.includes('debian') || like.includes('ubuntu')) return;
  say.note('no Chromium here: installing the package chromium');
  try {
    await machine.install();
  } catch (error) {
    say.note(`tests that look at pages will be skipped: ${firstLine(messageOf(error))}`);
  }
}
