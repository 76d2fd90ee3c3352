import { Misuse } from './misuse.ts';

interface Range {
  above?: number;
  from?: number;
  to: number;
}

/** Reads the fields of a JSON object one by one. A misspelt field is refused first: it is the likely cause of the rest. */
export class Fields {
  readonly #source: Map<string, unknown>;
  readonly #of: string;

  /** Without `known`, the names are the caller's own. */
  constructor(value: unknown, of: string, known?: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Misuse(`${of} must be a JSON object, not ${show(value)}.`, `Send ${of} as {...}.`);
    }
    this.#source = new Map(Object.entries(value));
    this.#of = of;
    if (known !== undefined) this.#refuseUnknown(known);
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#wrong(name, 'a string', value);
  }

  flag(name: string): boolean {
    const value = this.#take(name) ?? false;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(name, 'true or false', value);
  }

  whole(name: string, range: Range): number | undefined {
    const value = this.number(name, range);
    if (value === undefined || Number.isInteger(value)) return value;
    throw this.#wrong(name, `a whole number ${rangeText(range)}`, value);
  }

  number(name: string, range: Range): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && within(value, range)) return value;
    throw this.#wrong(name, `a number ${rangeText(range)}`, value);
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const choice = choices.find((each) => each === value);
    if (value === undefined || choice !== undefined) return choice;
    throw this.#wrong(name, `one of ${choices.join(', ')}`, value);
  }

  matching(name: string, pattern: RegExp, meaning: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || pattern.test(value)) return value;
    throw this.#wrong(name, meaning, value);
  }

  object(name: string, known?: readonly string[]): Fields | undefined {
    const value = this.#take(name);
    return value === undefined ? undefined : new Fields(value, name, known);
  }

  /** All fields as strings, for maps whose keys are the caller's own. */
  strings(): [string, string][] {
    return [...this.#source.keys()].map((name) => [name, this.text(name) ?? '']);
  }

  #refuseUnknown(known: readonly string[]): void {
    const unknown = [...this.#source.keys()].filter((name) => !known.includes(name));
    if (unknown.length === 0) return;
    throw new Misuse(`${this.#of} has no field ${unknown.join(', ')}.`, `Its fields are: ${known.join(', ')}.`);
  }

  #take(name: string): unknown {
    return this.#source.get(name);
  }

  #wrong(name: string, wanted: string, value: unknown): Misuse {
    return new Misuse(`${name} must be ${wanted}, not ${show(value)}.`, `Mend "${name}" in ${this.#of}.`);
  }
}

function within(value: number, { above = -Infinity, from = -Infinity, to }: Range): boolean {
  return value > above && value >= from && value <= to;
}

function rangeText({ above, from, to }: Range): string {
  return above === undefined ? `from ${from ?? '-Infinity'} to ${to}` : `above ${above} and up to ${to}`;
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}
