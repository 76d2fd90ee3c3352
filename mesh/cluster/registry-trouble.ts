import { HarnessError } from '../errors.ts';

interface Trouble {
  /** What Docker prints then. */
  readonly words: RegExp;
  readonly code: string;
  readonly next: (host: string, registry: string) => string;
}

const troubles: readonly Trouble[] = [
  {
    words: /no such host|name resolution|server misbehaving/,
    code: 'REGISTRY_UNKNOWN',
    next: (host) => `correct --app-images: the engine knows no host ${host}`,
  },
  {
    words: /connection refused|i\/o timeout|TLS handshake timeout|no route to host|deadline exceeded|Client\.Timeout/,
    code: 'REGISTRY_SILENT',
    next: (host) =>
      `start the registry, or see whether the engine reaches ${host} (it pulls and pushes by its own proxy settings)`,
  },
  {
    words: /gave HTTP response to HTTPS client|x509|certificate/,
    code: 'REGISTRY_INSECURE',
    next: (host) =>
      `give ${host} a certificate that the engine trusts (/etc/docker/certs.d/${host}/ca.crt), or add it to the engine's insecure-registries`,
  },
  {
    words: /no basic auth credentials|unauthorized|authentication required/,
    code: 'REGISTRY_LOGIN',
    next: (host) => `docker login ${host}`,
  },
  {
    words: /denied|forbidden/i,
    code: 'REGISTRY_DENIED',
    next: (host, registry) => `\`docker login ${host}\` as somebody who may push below ${registry}`,
  },
];

/** What Docker said of a registry, as an error that names the cure; undefined where it is none that is known here. */
export function explained(error: unknown, registry: string, doing: string): HarnessError | undefined {
  if (!(error instanceof HarnessError)) return undefined;
  const lines = error.message.split('\n').slice(1);
  for (const { words, code, next } of troubles) {
    const line = lines.find((text) => words.test(text));
    if (line === undefined) continue;
    const [host = registry] = registry.split('/');
    const seen = line.trim().replace(/^Error response from daemon: | \[[A-Z_]+\]$/g, '');
    return new HarnessError({ code, blame: 'environment', doing, seen, next: next(host, registry), cause: error });
  }
  return undefined;
}
