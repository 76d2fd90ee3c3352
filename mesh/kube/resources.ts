import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Rest } from './rest.ts';

export interface Resource {
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const listSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** What the API server calls the kinds of one group and version; asked once. */
export class Resources {
  readonly #rest: Rest;
  readonly #known = new Map<string, Promise<readonly Resource[]>>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Every kind of a group and version; none where the cluster does not serve it. */
  all(apiVersion: string): Promise<readonly Resource[]> {
    const known = this.#known.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.#ask(apiVersion);
    this.#known.set(apiVersion, asked);
    // A server that could not say may be able to the next time.
    asked.catch(() => this.#known.delete(apiVersion));
    return asked;
  }

  /** @throws HarnessError KIND_UNKNOWN */
  async of(apiVersion: string, kind: string): Promise<Resource> {
    const resource = (await this.all(apiVersion)).find((candidate) => candidate.kind === kind);
    if (resource !== undefined) return resource;
    throw new HarnessError({
      code: 'KIND_UNKNOWN',
      blame: 'usage',
      doing: `Looking up ${kind} of ${apiVersion}`,
      seen: 'the cluster serves no such kind',
      next: 'correct apiVersion and kind, or install what defines them (Istio, for its own)',
    });
  }

  async path(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const { plural, namespaced } = await this.of(apiVersion, kind);
    const scope = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${root(apiVersion)}${scope}/${plural}`;
  }

  async #ask(apiVersion: string): Promise<readonly Resource[]> {
    const answer = await this.#rest.jsonIfThere(
      { method: 'GET', path: root(apiVersion) },
      `Asking for the kinds of ${apiVersion}`,
    );
    if (answer === undefined) return [];
    return listSchema
      .parse(answer)
      .resources.filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ plural: name, kind, namespaced }));
  }
}

function root(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
