import type { Command } from 'commander';
import { HarnessError } from '../mesh/errors.ts';
import { type ClusterOptions, noContext } from './options.ts';

/** The option by which a command that brings an existing cluster up says how images get there. */
export function withAppImages(command: Command): Command {
  const demand = () => {
    demandContextFor(command.opts());
  };
  return command
    .hook('preAction', demand)
    .option(
      '--app-images <registry/path>',
      "with --context: push images there, where the cluster's nodes can pull them; said once, it is remembered",
      validRegistry,
    );
}

function demandContextFor({ context, appImages }: Pick<ClusterOptions, 'context' | 'appImages'>): void {
  if (appImages === undefined || context !== undefined) return;
  throw noContext('--app-images', 'the cluster that shall pull from there', 'registry');
}

/** Without a host in front Docker would push to its own hub. */
function validRegistry(text: string): string {
  const host = /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(?=:))(:\d{1,5})?$/;
  const [first = '', ...path] = text.split('/');
  const isPath = path.length > 0 && path.every((part) => /^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(part));
  if (host.test(first) && isPath) return text;
  throw new HarnessError({
    code: 'BAD_REGISTRY',
    blame: 'usage',
    doing: 'Reading --app-images',
    expected:
      'a registry and a path in it, in lower case and without a tag: registry.example.com/team, localhost:5000/e2e',
    seen: JSON.stringify(text),
    next: 'give such a name',
  });
}
