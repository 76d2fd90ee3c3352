import { type Command, Option } from 'commander';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { HarnessError, messageOf } from '../mesh/errors.ts';
import { isSpare } from '../mesh/cluster/spare.ts';
import { nameOf } from '../mesh/source/hash.ts';
import type { SourceName } from '../mesh/source/source.ts';
import { chooseIstio, knownKubernetes } from '../mesh/versions.ts';

export interface ClusterOptions extends VersionOptions {
  readonly cluster: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** `REGISTRY/PATH` by which images reach the cluster of `context`. */
  readonly appImages?: string;
}

export interface VersionOptions {
  readonly istio?: string;
  readonly kubernetes?: string;
  readonly images: SourceName | 'auto';
}

const USUAL_CLUSTER = 'istio-e2e';

/** The options by which every command says which cluster it means. */
export function withCluster(command: Command): Command {
  const demand = () => {
    demandOneCluster(command);
  };
  return command
    .hook('preAction', demand)
    .addOption(
      new Option('--cluster <name>', 'name of the kind cluster; several may live side by side')
        .argParser(validName)
        .env('ISTIO_E2E_CLUSTER')
        .default(USUAL_CLUSTER),
    )
    .option('--context <name>', 'work on this existing cluster instead of a kind cluster of our own')
    .option('--kubeconfig <file>', 'file that knows the context (default: KUBECONFIG, then ~/.kube/config)');
}

/** A command must not work on another cluster than the one that its line speaks of. */
function demandOneCluster(command: Command): void {
  const { context, kubeconfig } = command.opts<ClusterOptions>();
  if (context === undefined && kubeconfig !== undefined)
    throw noContext('--kubeconfig', 'the context to use from it', 'kubeconfig');
  if (context !== undefined && command.getOptionValueSource('cluster') === 'cli')
    throw new HarnessError({
      code: 'TWO_CLUSTERS',
      blame: 'usage',
      doing: 'Reading --cluster and --context',
      expected: 'one of them: a kind cluster of the harness, or a cluster of yours',
      seen: 'both',
      next: 'leave one of them out',
    });
}

/**
 * Of an option that means something with `--context` alone.
 *
 * @param needed what it gives, which the harness's own clusters need not
 */
export function noContext(flag: string, expected: string, needed: string): HarnessError {
  return new HarnessError({
    code: 'NO_CONTEXT',
    blame: 'usage',
    doing: `Reading ${flag}`,
    expected: `${expected}: --context NAME`,
    seen: 'no --context',
    next: `name the context; the harness's own kind clusters need no ${needed}`,
  });
}

/** The options by which a command that makes something says of what. */
export function withVersions(command: Command): Command {
  return command
    .option('--istio <version>', 'Istio to install', (wanted) => chooseIstio(wanted))
    .option('--kubernetes <version>', 'Kubernetes of the kind cluster', (wanted) => knownKubernetes(wanted))
    .addOption(
      new Option('--images <source>', 'where images come from: official ones, or made here from packages')
        .choices(['auto', 'registry', 'packages'])
        .default('auto'),
    );
}

/** How many tests run side by side, each in a namespace of its own. */
export function withWorkers(command: Command): Command {
  return command.option(
    '--workers <count>',
    'tests that run side by side, each in a namespace of its own',
    atLeastOne('--workers'),
    2,
  );
}

/** The kubeconfig to read when, and only when, the user named a context. */
export function kubeconfigOf({ kubeconfig }: Pick<ClusterOptions, 'kubeconfig'>): string {
  const first = process.env['KUBECONFIG']?.split(delimiter)[0] ?? '';
  const named = kubeconfig ?? (first === '' ? join(homedir(), '.kube', 'config') : first);
  return fromWhereTheUserStands(named);
}

/** npm runs scripts in the project's folder and keeps in a variable where the user stood. */
export function fromWhereTheUserStands(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

/** What a command has to be given to work on the same cluster: `` for the one it works on by itself, ` -- --cluster blue`. */
export function sameCluster({
  cluster,
  context,
  kubeconfig,
}: Pick<ClusterOptions, 'cluster' | 'context' | 'kubeconfig'>): string {
  if (context === undefined) return cluster === USUAL_CLUSTER ? '' : ` -- --cluster ${cluster}`;
  return ` -- --context ${context}${kubeconfig === undefined ? '' : ` --kubeconfig ${kubeconfig}`}`;
}

/** Name of the folder that holds what the harness knows of this cluster. */
export function recordName(options: Pick<ClusterOptions, 'cluster' | 'context' | 'kubeconfig'>): string {
  const { cluster, context } = options;
  if (context === undefined) return cluster;
  // Contexts of one name in two files are two clusters.
  return `context-${context.replace(/[^A-Za-z0-9.-]/g, '_')}-${nameOf(kubeconfigOf(options))}`;
}

export function atLeastOne(flag: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
    throw new HarnessError({
      code: 'BAD_COUNT',
      blame: 'usage',
      doing: `Reading ${flag}`,
      expected: 'a whole number from 1 to 9999',
      seen: JSON.stringify(text),
      next: 'give such a number',
    });
  };
}

/** A regular expression; the text itself, for it is passed on. */
export function pattern(flag: string): (text: string) => string {
  return (text) => {
    try {
      new RegExp(text);
      return text;
    } catch (cause) {
      throw new HarnessError({
        code: 'BAD_PATTERN',
        blame: 'usage',
        doing: `Reading ${flag}`,
        expected: 'a regular expression',
        seen: messageOf(cause),
        next: 'correct it; a scenario is chosen by its id: --grep @T05',
        cause,
      });
    }
  };
}

/** One part of so many. */
export function shard(text: string): string {
  const [part, of] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [];
  if (part !== undefined && of !== undefined && part >= 1 && part <= of) return text;
  throw new HarnessError({
    code: 'BAD_SHARD',
    blame: 'usage',
    doing: 'Reading --shard',
    expected: 'a part and how many there are, as 1/3',
    seen: JSON.stringify(text),
    next: 'give such a part',
  });
}

/** kind makes host names of it. */
function validName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name) && !isSpare(name)) return name;
  throw new HarnessError({
    code: 'BAD_CLUSTER_NAME',
    blame: 'usage',
    doing: 'Reading --cluster',
    expected:
      'up to 42 lower-case letters, digits and dashes, not at its ends, and not -spare at the end: tests make and remove such clusters',
    seen: JSON.stringify(name),
    next: 'choose such a name',
  });
}
