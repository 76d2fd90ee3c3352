import { type Context, credentialsOf } from './credentials.ts';
import { type KubeObject, objectInWords, type ObjectRef, type Selection, selectorInWords } from './objects.ts';
import { type Http, podHttp } from './pod-http.ts';
import { Resources } from './resources.ts';
import { Rest } from './rest.ts';

const FIELD_MANAGER = 'istio-e2e';

/** One cluster, seen through its API server. */
export class Kube {
  readonly rest: Rest;
  readonly resources: Resources;

  constructor(rest: Rest) {
    this.rest = rest;
    this.resources = new Resources(rest);
  }

  /** Server-side: what is there is brought to what is declared, what others set beside it stays. */
  async apply(object: KubeObject): Promise<KubeObject> {
    const path = await this.#pathOf(object);
    const query = { fieldManager: FIELD_MANAGER, force: 'true' };
    const body = JSON.stringify(object);
    const call = { method: 'PATCH', path, query, body, contentType: 'application/apply-patch+yaml' } as const;
    return (await this.rest.json(call, `Applying ${objectInWords(object)}`)) as KubeObject;
  }

  /** Changes some fields of an object that is there; null takes one away. */
  async merge(ref: ObjectRef, patch: object): Promise<KubeObject> {
    const path = await this.#pathOf(ref);
    const call = {
      method: 'PATCH',
      path,
      body: JSON.stringify(patch),
      contentType: 'application/merge-patch+json',
    } as const;
    return (await this.rest.json(call, `Changing ${objectInWords(ref)}`)) as KubeObject;
  }

  /** @returns whether it was there */
  async remove(ref: ObjectRef): Promise<boolean> {
    const call = {
      method: 'DELETE',
      path: await this.#pathOf(ref),
      query: { propagationPolicy: 'Background' },
    } as const;
    return (await this.rest.jsonIfThere(call, `Deleting ${objectInWords(ref)}`)) !== undefined;
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const call = { method: 'GET', path: await this.#pathOf(ref) } as const;
    return (await this.rest.jsonIfThere(call, `Reading ${objectInWords(ref)}`)) as KubeObject | undefined;
  }

  async list({ apiVersion, kind, namespace, labels }: Selection): Promise<readonly KubeObject[]> {
    const path = await this.resources.path(apiVersion, kind, namespace);
    const query = labels === undefined ? {} : { labelSelector: selectorInWords(labels) };
    const list = (await this.rest.json({ method: 'GET', path, query }, `Listing ${kind}`)) as { items: KubeObject[] };
    // Items of a list come without the two fields that say what they are.
    return list.items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** The release of its API server: `1.36.3`. */
  async version(): Promise<string> {
    const answer = await this.rest.json({ method: 'GET', path: '/version' }, 'Asking the API server for its version');
    return (answer as { readonly gitVersion: string }).gitVersion.replace(/^v/, '');
  }

  pod(namespace: string, name: string, port: number): Http {
    return podHttp(this.rest, namespace, name, port);
  }

  close(): Promise<void> {
    return this.rest.close();
  }

  async #pathOf({ apiVersion, kind, metadata }: ObjectRef): Promise<string> {
    return `${await this.resources.path(apiVersion, kind, metadata.namespace)}/${metadata.name}`;
  }
}

/** Reaches the cluster of a context. Nothing is asked yet: the first call says whether it is there. */
export async function connect(context: Context): Promise<Kube> {
  return new Kube(new Rest(await credentialsOf(context)));
}
