import { run } from '../../command.ts';

/** For every call of Go: nothing is looked up or fetched besides what the module says. */
export const GO_SETTINGS = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' };

/** What `go build -v` says where all is well: packages and modules. An error has spaces in it. */
const PROGRESS = /^\S+$|^go: downloading /;

/**
 * Compiles programs of one Go module.
 *
 * @param cwd the folder of the module
 * @param args of `go build`
 * @param what is compiled, in words: `Istio 1.31.1`
 */
export async function goBuild(
  go: string,
  cwd: string,
  args: readonly string[],
  what: string,
  say: (text: string) => void,
): Promise<void> {
  await run(go, ['build', '-v', ...args], {
    doing: `Compiling ${what}`,
    next: 'read the lines above; if a module could not be had, check that the Go module proxy answers (GOPROXY)',
    onLine: goProgress(say, what),
    progress: PROGRESS,
    cwd,
    env: GO_SETTINGS,
  });
}

/** Tells of each line: a package that is compiled, or, after `go: `, which module is fetched. */
export function goProgress(say: (text: string) => void, what: string): (line: string) => void {
  let compiled = 0;
  return (line) => {
    const aside = /^go: (.*)/.exec(line)?.[1];
    if (aside === undefined) compiled += 1;
    say(`Go: ${aside ?? `${compiled} packages of ${what} compiled, at ${line.slice(0, 60)}`}`);
  };
}
