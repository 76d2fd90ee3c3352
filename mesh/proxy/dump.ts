/** The parts of Envoy's configuration that signs are read from. */
export const sections = ['routes', 'clusters', 'listeners', 'secrets'] as const;
export type Section = (typeof sections)[number];

/** The field of Envoy's config dump that holds a section, and the message that holds the field. */
export const fields = {
  routes: 'dynamic_route_configs',
  clusters: 'dynamic_active_clusters',
  listeners: 'dynamic_listeners',
  secrets: 'dynamic_active_secrets',
} as const satisfies Record<Section, string>;

/** A message of Envoy's, as its JSON gives it. */
export type Message = Readonly<Record<string, unknown>>;

export type Dump = Readonly<Partial<Record<Section, readonly Message[]>>>;

/** Reads `/config_dump`, whole, or `/config_dump?resource=FIELD`, where the entries stand in `configs` themselves. */
export function entriesOf(json: unknown, section: Section): readonly Message[] {
  const configs = messages((json as { configs?: unknown }).configs);
  const holders = configs.filter((config) => fields[section] in config);
  const whole = configs.some((config) => /ConfigDump$/.test(text(config['@type'])));
  return whole ? holders.flatMap((config) => messages(config[fields[section]])) : configs;
}

export function messages(value: unknown): readonly Message[] {
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Follows a path of field names; undefined where it ends early. */
export function dig(message: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, field) => (isMessage(value) ? value[field] : undefined), message);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
