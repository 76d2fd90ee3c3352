import { dig, messages } from '../../proxy/dump.ts';

/** What a traffic policy limits, in the words that a rule and a proxy share: equal limits are equal texts. */
type Limits = Readonly<Record<string, number | string>>;

/** Envoy's and Istio's "no limit". */
const UNLIMITED = 4_294_967_295;
const httpOptions = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** The limits that a DestinationRule's policy declares; `none` where it declares none. */
export function declaredLimits(policy: unknown): string {
  const pool = dig(policy, 'connectionPool');
  const outlier = dig(policy, 'outlierDetection');
  return inWords({
    connections: limit(dig(pool, 'tcp', 'maxConnections')),
    pending: limit(dig(pool, 'http', 'http1MaxPendingRequests')),
    requests: limit(dig(pool, 'http', 'http2MaxRequests')),
    retries: limit(dig(pool, 'http', 'maxRetries')),
    'requests per connection': limit(dig(pool, 'http', 'maxRequestsPerConnection')),
    '5xx to ejection': limit(dig(outlier, 'consecutive5xxErrors')),
    'ejection check every': seconds(dig(outlier, 'interval')),
    'ejected for': seconds(dig(outlier, 'baseEjectionTime')),
    'ejected at most %': limit(dig(outlier, 'maxEjectionPercent')),
  });
}

/** The same, as an Envoy cluster has them. */
export function limitsInForce(cluster: unknown): string {
  const [threshold] = messages(dig(cluster, 'circuit_breakers', 'thresholds'));
  const outlier = dig(cluster, 'outlier_detection');
  const perConnection = dig(
    cluster,
    'typed_extension_protocol_options',
    httpOptions,
    'common_http_protocol_options',
    'max_requests_per_connection',
  );
  return inWords({
    connections: limit(dig(threshold, 'max_connections')),
    pending: limit(dig(threshold, 'max_pending_requests')),
    requests: limit(dig(threshold, 'max_requests')),
    retries: limit(dig(threshold, 'max_retries')),
    'requests per connection': limit(perConnection),
    '5xx to ejection': limit(dig(outlier, 'consecutive_5xx')),
    'ejection check every': seconds(dig(outlier, 'interval')),
    'ejected for': seconds(dig(outlier, 'base_ejection_time')),
    'ejected at most %': limit(dig(outlier, 'max_ejection_percent')),
  });
}

function inWords(limits: Limits): string {
  const set = Object.entries(limits).filter(([, value]) => value !== UNLIMITED && value !== '');
  return set.length === 0 ? 'no limits' : set.map(([what, value]) => `${what} ${value}`).join(', ');
}

/** Zero and "not said" both mean: no limit. */
function limit(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : UNLIMITED;
}

/** `1m`, `60s` and `60.000s` are the same time. */
function seconds(value: unknown): string {
  if (typeof value !== 'string') return '';
  const units = { h: 3600, m: 60, s: 1, ms: 0.001 } as const;
  const parts = [...value.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  const sum = parts.reduce((total, [, amount, unit]) => total + Number(amount) * units[unit as keyof typeof units], 0);
  return `${Math.round(sum * 1000) / 1000} s`;
}
