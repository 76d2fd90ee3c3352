import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { clusterPath } from '../paths.ts';
import type { Change } from './changes.ts';

const schema = z.object({ at: z.number(), text: z.string(), missed: z.literal(true).exactOptional() });

/**
 * What kept everything from working, as the workers of one run saw it: a worker whose test failed is replaced, and the one that takes its place has not
 * lived through it.
 */
export class Standstills {
  readonly #path: string;

  /** @param path a file of JSON lines, that all workers share */
  constructor(path: string) {
    this.#path = path;
  }

  /** As a run begins: what earlier ones lived through is not its own. */
  forget(): void {
    rmSync(this.#path, { force: true });
  }

  /** @param at milliseconds, by the clock */
  hand(texts: readonly string[], at = Date.now()): void {
    const lines = texts.map((text) => `${JSON.stringify({ at, text })}\n`);
    if (lines.length > 0) appendFileSync(this.#path, lines.join(''));
  }

  /** What was handed on at this time or later, each once. What lies ahead of the clock was handed on before that was set back: nobody knows when. */
  since(at: number, now = Date.now()): readonly string[] {
    const told = this.#lines().filter((one) => one.missed === undefined && one.at >= at && one.at <= now);
    return [...new Set(told.map(({ text }) => text))];
  }

  /** When a change that has no time of its own was first seen, by whomever of the run; now, if nobody has seen it yet. */
  firstSeen(text: string, now = Date.now()): number {
    const seen = this.#lines().find((one) => one.missed === true && one.text === text);
    if (seen === undefined) appendFileSync(this.#path, `${JSON.stringify({ at: now, text, missed: true })}\n`);
    return seen?.at ?? now;
  }

  /** The stamp of a change: its own, or that of when it was first seen. */
  timeOf({ at, text }: Pick<Change, 'at' | 'text'>): string {
    return at === '' ? new Date(this.firstSeen(text)).toISOString() : at;
  }

  #lines(): readonly z.infer<typeof schema>[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => schema.parse(JSON.parse(line)));
  }
}

/** Those of the run that is at work on a cluster. */
export const standstillsOn = (cluster: string): Standstills =>
  new Standstills(clusterPath(cluster, 'standstills.jsonl'));
