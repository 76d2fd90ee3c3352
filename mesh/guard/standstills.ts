import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { clusterPath } from '../paths.ts';

const schema = z.object({ at: z.number(), text: z.string() });

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

  /** What was handed on at this time or later, each once. */
  since(at: number): readonly string[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n').filter(Boolean);
    const told = lines.map((line) => schema.parse(JSON.parse(line))).filter((one) => one.at >= at);
    return [...new Set(told.map(({ text }) => text))];
  }
}

/** Those of the run that is at work on a cluster. */
export const standstillsOn = (cluster: string): Standstills =>
  new Standstills(clusterPath(cluster, 'standstills.jsonl'));
