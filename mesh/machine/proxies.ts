import { type Check, fine, limits } from './check.ts';

/** HTTP_PROXY and its like are read by the harness, pip, Go, npm, apt and istioctl; the engine has settings of its own. */
const READ = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
const NOT_READ = ['ALL_PROXY'];

/** apt and debootstrap know the small letters alone, and what the user has set in capitals is meant for them, too. */
export function alsoInSmallLetters(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of READ) {
    const value = env[name];
    if (value !== undefined) env[name.toLowerCase()] ??= value;
  }
}

export function proxies(): Check {
  const inForce = variables(READ);
  const ignored = variables(NOT_READ).map((text) => `${text} (not used: set HTTP_PROXY and HTTPS_PROXY)`);
  const seen = [...inForce, ...ignored].join(', ');
  if (seen === '') return fine('proxies', 'none set');
  const remedy =
    "make sure NO_PROXY covers localhost, 127.0.0.1 and the engine's networks (172.16.0.0/12), or the cluster is asked through the proxy; the engine pulls and pushes by its own settings (`docker info` shows them)";
  return limits('proxies', seen, remedy);
}

/** In either case; programs prefer the lower one where both are set. */
function variables(names: readonly string[]): string[] {
  return names
    .flatMap((name) => [name.toLowerCase(), name])
    .map((name) => [name, process.env[name] ?? ''] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${withoutPassword(value)}`);
}

const withoutPassword = (value: string): string => value.replace(/^([a-z0-9]+:\/\/)?.*@/i, '$1***@');
