import { testOver } from '../rules/over.ts';

/** What a test changes of the configuration of the mesh: nothing any more once it has ended. */
export class MeshChanges {
  #over = false;
  #changing = Promise.resolve();

  /** @throws HarnessError TEST_OVER where the test has ended */
  change(doing: string, work: () => Promise<void>): Promise<void> {
    if (this.#over) return Promise.reject(testOver(doing));
    this.#changing = work();
    return this.#changing;
  }

  /** A test that ran out of time may be at it: what it sets is there before it is taken back. */
  async end(): Promise<void> {
    this.#over = true;
    await Promise.allSettled([this.#changing]);
  }
}
