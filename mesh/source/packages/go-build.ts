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
 * @param whose of whom the packages are, in what is told meanwhile: ` of Prometheus`
 */
export async function goBuild(
  go: string,
  cwd: string,
  args: readonly string[],
  { doing, say, whose }: { readonly doing: string; readonly say: (what: string) => void; readonly whose: string },
): Promise<void> {
  await run(go, ['build', '-v', ...args], {
    doing,
    next: 'read the lines above; if a module could not be had, check that the Go module proxy answers (GOPROXY)',
    onLine: goProgress(say, whose),
    progress: PROGRESS,
    cwd,
    env: GO_SETTINGS,
  });
}

/** Tells of each line: a package that is compiled, or, after `go: `, which module is fetched. */
export function goProgress(say: (what: string) => void, whose: string): (line: string) => void {
  let compiled = 0;
  return (line) => {
    const aside = /^go: (.*)/.exec(line)?.[1];
    if (aside === undefined) compiled += 1;
    say(`Go: ${aside ?? `${compiled} packages${whose} compiled, at ${line.slice(0, 60)}`}`);
  };
}
