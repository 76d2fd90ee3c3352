import { z } from 'zod';

/**
 * What a proxy wrote about one request, in Istio's default text format or in JSON: for the reason of a red verdict, on any Istio. Who needs
 * more of a line than that reads `access-log.ts`.
 */
export interface Written {
  /** 0 where the request had no answer. */
  readonly status: number;
  /** `UH`, `URX`; none where nothing was remarkable. */
  readonly flags: readonly string[];
  /** Response code details: `no_healthy_upstream`, `rbac_access_denied_matched_policy[...]`, `via_upstream`. */
  readonly details: string;
  /** Why the transport to the next hop failed: `TLS_error: ...`; '' where it did not. */
  readonly failure: string;
  /** The cluster that was chosen; '' where none was. */
  readonly cluster: string;
}

/** Istio's own text format: `[time] "request" status flags details termination "failure" ... "agent" "id" "authority" "upstream" cluster`. */
const line =
  /^\[[^\]]+\] "[^"]*" (?<status>\d+) (?<flags>\S+) (?<details>\S+) \S+ "(?<failure>[^"]*)" .*"(?<agent>[^"]*)" "[^"]*" "[^"]*" "[^"]*" (?<cluster>\S+)/;
const fields = z.object({
  status: z.coerce.number(),
  flags: z.string(),
  details: z.string(),
  failure: z.string(),
  agent: z.string(),
  cluster: z.string(),
});
/** The same in Istio's JSON format. */
const json = z
  .object({
    response_code: z.number(),
    response_flags: z.string().nullish(),
    response_code_details: z.string().nullish(),
    upstream_transport_failure_reason: z.string().nullish(),
    user_agent: z.string().nullish(),
    upstream_cluster: z.string().nullish(),
  })
  .transform((entry) => ({
    status: entry.response_code,
    flags: entry.response_flags ?? '-',
    details: entry.response_code_details ?? '-',
    failure: entry.upstream_transport_failure_reason ?? '-',
    agent: entry.user_agent ?? '-',
    cluster: entry.upstream_cluster ?? '-',
  }));

/** The lines of a proxy's log about what this user agent asked. */
export function writtenAbout(agent: string, log: string): readonly Written[] {
  return log.split('\n').flatMap((whole) => {
    if (!whole.includes(agent)) return [];
    // The API server may put its own time before it.
    const text = whole.replace(/^\d\S+ /, '');
    const read = text.startsWith('{') ? json.safeParse(parsed(text)) : fields.safeParse(line.exec(text)?.groups);
    if (!read.success || read.data.agent !== agent) return [];
    const { status, flags, details, failure, cluster } = read.data;
    return [
      {
        status,
        flags: filled(flags).split(',').filter(Boolean),
        details,
        failure: filled(failure),
        cluster: filled(cluster),
      },
    ];
  });
}

function filled(field: string): string {
  return field === '-' ? '' : field;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
