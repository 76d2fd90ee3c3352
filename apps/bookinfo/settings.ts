/** What this process is to be, and where the others are. */

const VERSIONS = {
  productpage: ['v1'],
  details: ['v1'],
  ratings: ['v1'],
  reviews: ['v1', 'v2', 'v3'],
} as const;

export type Role = keyof typeof VERSIONS;
export type Version = (typeof VERSIONS)[Role][number];
export type Backend = Exclude<Role, 'productpage'>;

export interface Settings {
  role: Role;
  version: Version;
  pod: string;
  /** `null`, as a word, where nobody has named the cluster: so says the sample, and its readers compare with that. */
  cluster: string;
  /** Base URL of each back end. */
  backends: Record<Backend, string>;
}

interface Surroundings {
  args: readonly string[];
  env: Readonly<Partial<Record<string, string>>>;
  hostname: string;
}

/**
 * Role and version come from the arguments, else from ROLE and VERSION, else from the pod's name (`reviews-v2-...`): so
 * the public manifests, which have one image for each role, work with this one in their place.
 */
export function readSettings({ args, env, hostname }: Surroundings): Settings {
  const pod = env['HOSTNAME'] ?? hostname;
  const [, podRole, podVersion] = /^([a-z]+)-(v\d+)(?:-|$)/.exec(pod) ?? [];
  const role = args[0] ?? env['ROLE'] ?? podRole;
  const version = args[1] ?? env['VERSION'] ?? podVersion ?? 'v1';
  const cluster = env['CLUSTER_NAME'] ?? 'null';
  return { ...checked(role, version, pod), pod, cluster, backends: backendsFrom(env) };
}

function checked(role: string | undefined, version: string, pod: string): Pick<Settings, 'role' | 'version'> {
  const known = roles().find((choice) => choice.role === role && choice.version === version);
  if (known !== undefined) return known;
  const wanted = role === undefined ? `a pod named "${pod}"` : `"${role}" in version "${version}"`;
  const choices = roles().map((choice) => `${choice.role} ${choice.version}`);
  throw new Error(
    `bookinfo has no role for ${wanted}. Set ROLE and VERSION, or give both as arguments: ${choices.join(', ')}.`,
  );
}

function roles(): Pick<Settings, 'role' | 'version'>[] {
  return Object.entries(VERSIONS).flatMap(([role, versions]) =>
    versions.map((version) => ({ role: role as Role, version })),
  );
}

function backendsFrom(env: Surroundings['env']): Settings['backends'] {
  const domain = env['SERVICES_DOMAIN'] === undefined ? '' : `.${env['SERVICES_DOMAIN']}`;
  const urlOf = (name: Backend): string => {
    const host = env[`${name.toUpperCase()}_HOSTNAME`] ?? name;
    // Kubernetes itself sets this one in every pod that starts after the Service.
    const port = env[`${name.toUpperCase()}_SERVICE_PORT`] ?? '9080';
    return `http://${host}${domain}:${port}`;
  };
  return { details: urlOf('details'), ratings: urlOf('ratings'), reviews: urlOf('reviews') };
}
