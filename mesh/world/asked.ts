/** Whom and what a column of a truth table names: `foo`, `foo:8001`, `foo/other POST /post`. */
export interface Asked {
  readonly who: string;
  /** Of the Service. */
  readonly port: number;
  readonly method: string;
  readonly path: string;
}

const column = /^([\w/-]+?)(?::(\d+))?(?: ([A-Z]+) (\/\S*))?$/;

export function askedBy(to: string): Asked {
  const [, who = '', port = '8000', method = 'GET', path = '/headers'] = column.exec(to) ?? [];
  if (who === '')
    throw new RangeError(`A column is written like "foo", "foo:8001" or "foo GET /headers"; seen: "${to}".`);
  return { who, port: Number(port), method, path };
}
