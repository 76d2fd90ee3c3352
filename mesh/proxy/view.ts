import type { Dump, Section } from './dump.ts';

/** One proxy, and a way to read the configuration that it has at this moment. */
export interface ProxyView {
  /** `istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  readonly namespace: string;
  readonly pod: string;
  /** @param about namespace to which clusters may be narrowed down: the whole list takes twice as long */
  read(wanted: readonly Section[], about?: string): Promise<Dump>;
}
