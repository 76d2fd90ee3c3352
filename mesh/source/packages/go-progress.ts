/**
 * Tells of each line that `go build -v` writes: a package that it compiles, or, after `go: `, which module it fetches.
 *
 * @param whose of whom the packages are: ` of Prometheus`
 */
export function goProgress(say: (what: string) => void, whose = ''): (line: string) => void {
  let compiled = 0;
  return (line) => {
    const aside = /^go: (.*)/.exec(line)?.[1];
    if (aside === undefined) compiled += 1;
    say(`Go: ${aside ?? `${compiled} packages${whose} compiled, at ${line.slice(0, 60)}`}`);
  };
}
