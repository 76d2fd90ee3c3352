import { isMessage } from './dump.ts';

/** Envoy's messages as Envoy itself spells them: istioctl writes `routeConfig` for its `route_config`. */
export function snaked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snaked);
  if (!isMessage(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spelled(key), snaked(inner)]));
}

/** Names that are data (types, extensions, headers) are no field names. */
function spelled(key: string): string {
  return /^[a-z]+([A-Z][a-z0-9]*)+$/.test(key) ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}
