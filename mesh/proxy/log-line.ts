import { z } from 'zod';

/** One line of a proxy's access log: of a request, or of a connection that it passed on unread. What does not apply is '' or 0. */
export interface LogLine {
  /** The prober's own id of the request, where the harness has set up the log; a request that was tried again has one line all the same. */
  readonly id: string;
  readonly requestId: string;
  readonly agent: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** `FI`, `UO`, `NR`: empty for a request that nothing happened to. */
  readonly flags: readonly string[];
  /** Response code details: `via_upstream`, `fault_filter_abort`, `rbac_access_denied_matched_policy[...]`. */
  readonly details: string;
  /** Why the transport to the next hop failed: `TLS_error: ...`. */
  readonly failure: string;
  readonly route: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** `outbound|443||httpbin.org`, `PassthroughCluster`, `BlackHoleCluster`. */
  readonly cluster: string;
  /** `address:port` it was passed on to. */
  readonly upstream: string;
  /** The name in the handshake, where the proxy looked for it. */
  readonly serverName: string;
}

const word = z
  .string()
  .nullish()
  .transform((given) => (given === undefined || given === null || given === '-' ? '' : given));
const number = z
  .union([z.number(), z.string().transform(Number)])
  .nullish()
  .transform((given) => given ?? 0);
/** By the names that Istio's JSON format has, and mesh/istio/settings/demo.yaml with it. */
const schema = z
  .object({
    probe_id: word,
    request_id: word,
    user_agent: word,
    method: word,
    path: word,
    response_code: number,
    response_flags: word,
    response_code_details: word,
    upstream_transport_failure_reason: word,
    route_name: word,
    bytes_received: number,
    bytes_sent: number,
    upstream_cluster: word,
    upstream_host: word,
    requested_server_name: word,
  })
  .transform((line): LogLine => ({
    id: line.probe_id,
    requestId: line.request_id,
    agent: line.user_agent,
    method: line.method,
    path: line.path,
    status: line.response_code,
    flags: line.response_flags.split(',').filter(Boolean),
    details: line.response_code_details,
    failure: line.upstream_transport_failure_reason,
    route: line.route_name,
    bytesReceived: line.bytes_received,
    bytesSent: line.bytes_sent,
    cluster: line.upstream_cluster,
    upstream: line.upstream_host,
    serverName: line.requested_server_name,
  }));

/** Istio's own text format, field after field; it has no id of ours. */
const inText = new RegExp(
  [
    String.raw`^\[[^\]]+\] "(?<method>\S+) (?<path>\S+) \S+" (?<response_code>\d+) (?<response_flags>\S+)`,
    String.raw`(?<response_code_details>\S+) \S+ "(?<upstream_transport_failure_reason>[^"]*)"`,
    String.raw`(?<bytes_received>\d+) (?<bytes_sent>\d+) \S+ \S+ "[^"]*" "(?<user_agent>.*?)" "(?<request_id>[^"]*)" "[^"]*"`,
    String.raw`"(?<upstream_host>[^"]*)" (?<upstream_cluster>\S+) \S+ \S+ \S+ (?<requested_server_name>\S+) (?<route_name>\S+)$`,
  ].join(' '),
);

/**
 * The lines of an access log, in Istio's text format or in JSON, oldest first; of the ones that mention something, where that is given. The
 * proxy's other lines are left aside, and so are those of an Istio that logs in another format.
 */
export function logLines(log: string, about = ''): readonly LogLine[] {
  return log
    .split('\n')
    .filter((line) => line.includes(about))
    .flatMap((whole) => {
      // The API server may put its own time before it.
      const line = whole.replace(/^\d{4}-\S+ /, '').trimEnd();
      const read = schema.safeParse(line.startsWith('{') ? jsonOf(line) : inText.exec(line)?.groups);
      return read.success ? [read.data] : [];
    });
}

/** Those of the requests that came under this user agent: all formats that can be read have it. */
export function linesBy(agent: string, log: string): readonly LogLine[] {
  return logLines(log, agent).filter((line) => line.agent === agent);
}

/** The last line of a log that is being written may be cut. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
