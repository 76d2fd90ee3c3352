import { z } from 'zod';
import { printed } from './printed.ts';

const schema = z.object({
  resources: z
    .array(
      z.object({
        node: z.object({ id: z.string() }),
        genericXdsConfigs: z
          .array(
            z.object({
              typeUrl: z.string(),
              configStatus: z.string().optional(),
              errorState: z.object({ details: z.string().optional() }).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** What istiod knows of one proxy. */
export interface Account {
  readonly proxy: string;
  /** Of each kind of configuration that it was sent. */
  readonly kinds: readonly Kind[];
}

interface Kind {
  /** `Listener`; `LDS` where istioctl writes a table. */
  readonly name: string;
  readonly refused: boolean;
  readonly why?: string;
}

/** Of `istioctl proxy-status` the arguments for what `accountsIn` reads: 1.29 minds the second pair and not the first, 1.31 the first. */
export const IN_FULL = ['-o', 'json', '-v', '1'];

/** What `istioctl proxy-status` printed. Of several istiods, each one's JSON stands after the other's; a table has the proxies of all. */
export function accountsIn(text: string): readonly Account[] {
  if (text.startsWith('NAME ')) return inTable(text.trimEnd().split('\n').map(cellsOf));
  const documents = text.split(/^(?=\{)/m).filter((one) => one.trim() !== '');
  return documents
    .flatMap((one) => printed(schema, one, 'proxy-status').resources)
    .map(({ node, genericXdsConfigs }) => ({
      proxy: node.id,
      kinds: genericXdsConfigs.map(({ typeUrl, configStatus, errorState }) => ({
        name: lastPart(typeUrl),
        refused: configStatus === 'ERROR',
        ...(errorState?.details === undefined ? {} : { why: errorState.details }),
      })),
    }));
}

/** Name and cluster stand before the kinds, istiod and version behind them; a cluster may have no name. */
function inTable([head = [], ...rows]: readonly (readonly string[])[]): readonly Account[] {
  const names = head.slice(2, -2);
  return rows.map((row) => {
    const states = row.slice(-names.length - 2, -2);
    const kinds = names.map((name, index) => ({ name, state: states[index] ?? '' }));
    return {
      proxy: row[0] ?? '',
      kinds: kinds
        .filter(({ state }) => state !== 'IGNORED')
        .map(({ name, state }) => ({ name, refused: state.startsWith('ERROR') })),
    };
  });
}

/** Columns stand five spaces apart at least, and a state has one in it: `SYNCED (47s)`. */
function cellsOf(line: string): readonly string[] {
  return line.trim().split(/ {2,}/);
}

/** `type.googleapis.com/envoy.config.listener.v3.Listener` -> `Listener` */
function lastPart(typeUrl: string): string {
  return typeUrl.replace(/^.*\./, '');
}
