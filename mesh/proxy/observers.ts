import { dig, type Dump, isMessage, type Message, messages, text } from './dump.ts';

const CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';
const COUNTING_LOGGER = 'envoy.access_loggers.stats';

export type Direction = 'inbound' | 'outbound';

/** A counter that an access logger increments for each request: its name, and its labels with what they are filled with. */
export interface RequestCounter {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
}

/** Whatever reads requests in a proxy, in the listeners that accept connections. */
export function connectionManagersOf({ listeners = [] }: Dump, direction?: Direction): readonly Message[] {
  const active = listeners.map((entry) => dig(entry, 'active_state', 'listener')).filter(isMessage);
  return active
    .filter((listener) => direction === undefined || text(listener['traffic_direction']).toLowerCase() === direction)
    .flatMap((listener) => [
      ...messages(listener['filter_chains']),
      ...[listener['default_filter_chain']].filter(isMessage),
    ])
    .flatMap((chain) => messages(chain['filters']))
    .filter(({ name }) => name === CONNECTION_MANAGER)
    .map((filter) => filter['typed_config'])
    .filter(isMessage);
}

/** What the access loggers of a connection manager count. */
export function requestCountersOf(manager: unknown): readonly RequestCounter[] {
  return messages(dig(manager, 'access_log'))
    .filter(({ name }) => name === COUNTING_LOGGER)
    .flatMap((logger) => messages(dig(logger, 'typed_config', 'counters')))
    .map((counter) => ({
      name: text(dig(counter, 'stat', 'name')),
      labels: messages(dig(counter, 'stat', 'tags')).map(
        (tag) => [text(tag['name']), text(tag['value_format'])] as const,
      ),
    }));
}
