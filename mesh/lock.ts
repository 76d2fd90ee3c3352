import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HarnessError } from './errors.ts';

/**
 * A lock between processes that dies with its holder, even by kill -9: an exclusive SQLite transaction, which the kernel's
 * file locks stand behind. Nothing stale can stay, so nothing has to be guessed from ages of files or process ids.
 */
export class Lock implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * @param path file of the lock; made where missing and left in place
   * @returns the lock, or who holds it
   */
  static take(path: string): Lock | { readonly heldBy: string } {
    const lock = Lock.#begin(path, 'BEGIN EXCLUSIVE');
    if (lock === undefined) return { heldBy: holder(path) };
    try {
      writeFileSync(`${path}.holder`, `process ${process.pid}, since ${new Date().toISOString()}`);
    } catch {
      // It only tells others who we are. On a full disk the command that would free it has to go on.
    }
    return lock;
  }

  /** As `take`, but others may share it, and nobody takes it for itself alone meanwhile. */
  static share(path: string): Lock | { readonly heldBy: string } {
    return Lock.#begin(path, 'BEGIN; SELECT count(*) FROM sqlite_schema') ?? { heldBy: holder(path) };
  }

  static #begin(path: string, statements: string): Lock | undefined {
    mkdirSync(dirname(path), { recursive: true });
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec(statements);
      return new Lock(database);
    } catch (error) {
      database.close();
      if (!isBusy(error)) throw error;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** @throws HarnessError CLUSTER_BUSY where another run works on this cluster */
export function lockCluster(name: string, path: string): Lock {
  const lock = Lock.take(path);
  if (lock instanceof Lock) return lock;
  throw new HarnessError({
    code: 'CLUSTER_BUSY',
    blame: 'environment',
    doing: `Starting to work on cluster ${name}`,
    seen: `another run is at work on it (${lock.heldBy})`,
    next: 'wait for it to end, or use a cluster of your own: --cluster NAME',
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

const UNKNOWN = 'a process that has not said who it is';

function holder(path: string): string {
  try {
    // Empty where the disk was full.
    return readFileSync(`${path}.holder`, 'utf8') || UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
