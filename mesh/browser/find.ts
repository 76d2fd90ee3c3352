import { access, constants } from 'node:fs/promises';

/** Names a browser by hand. */
export const BROWSER_VARIABLE = 'ISTIO_E2E_CHROMIUM';

/** Where distributions put it. */
const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What it must not do on a machine without a screen, without a user, and without the internet. */
export const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/** The program of a Chromium on this machine; undefined where there is none. */
export async function findChromium(
  named = process.env[BROWSER_VARIABLE],
  places: readonly string[] = usual,
): Promise<string | undefined> {
  const candidates = named === undefined || named === '' ? places : [named];
  const found = await Promise.all(candidates.map(isProgram));
  return candidates.find((_, index) => found[index]);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
