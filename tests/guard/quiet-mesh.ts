import type { Kube } from '../../mesh/kube/kube.ts';
import type { Call } from '../../mesh/kube/rest.ts';
import type { KubeObject, ObjectRef, Selection } from '../../mesh/kube/objects.ts';

const STAMP = '2026-11-20T22:31:01.';

/** What the guards look at: one istiod, one gateway and one slot, in which nothing happens unless a test makes it. */
export class QuietMesh {
  readonly pods: KubeObject[] = [
    podOf('istio-system', 'istiod-a', 'istiod'),
    podOf('istio-system', 'gateway-a', 'gateway'),
    podOf('istio-e2e-w0', 'prober-a', 'prober'),
    podOf('istio-e2e-w0', 'passer-a', 'passer'),
  ];
  readonly rules: KubeObject[] = [];
  readonly namespaces: KubeObject[] = [];
  /** What the earlier life of any container wrote last. */
  lastWords = '';
  #log: string[] = [];
  #metrics = '';
  #lines = 0;

  constructor() {
    this.logs('\tinfo\tads\tPush debounce stable');
  }

  /** istiod writes a line. */
  logs(words: string): this {
    this.#lines += 1;
    this.#log.push(`${STAMP}${String(this.#lines).padStart(9, '0')}Z 2026-11-20T22:31:01Z${words}`);
    return this;
  }

  /** istiod counts. */
  counts(metric: string): this {
    this.#metrics += `${metric}\n`;
    return this;
  }

  /** A pod is another one from now on. */
  becomes(name: string, heir: KubeObject): void {
    this.pods.splice(
      this.pods.findIndex(({ metadata }) => metadata.name === name),
      1,
      heir,
    );
  }

  get kube(): Kube {
    const kinds = [{ plural: 'virtualservices', kind: 'VirtualService', namespaced: true }];
    const answer = (text: string) => Promise.resolve({ status: 200, text });
    return {
      version: () => Promise.resolve('1.36.3'),
      list: (selection: Selection) => Promise.resolve(this.#listed(selection)),
      remove: (ref: ObjectRef) => {
        this.rules.splice(
          this.rules.findIndex(({ metadata }) => metadata.name === ref.metadata.name),
          1,
        );
        return Promise.resolve(true);
      },
      resources: { all: (api: string) => Promise.resolve(api === 'networking.istio.io/v1' ? kinds : []) },
      rest: {
        call: ({ query }: Call) => {
          const log = query?.['previous'] === 'true' ? this.lastWords : this.#log.join('\n');
          return answer(tailOf(log, Number(query?.['tailLines'])));
        },
      },
      pod: () => ({ peer: 'istiod', send: () => answer(this.#metrics) }),
    } as unknown as Kube;
  }

  #listed({ kind, namespace, labels = {} }: Selection): readonly KubeObject[] {
    const all =
      kind === 'Pod' ? this.pods : kind === 'Namespace' ? this.namespaces : kind === 'VirtualService' ? this.rules : [];
    const wanted = Object.entries(labels);
    return all.filter(
      ({ metadata }) =>
        (namespace === undefined || metadata.namespace === namespace) &&
        wanted.every(([key, value]) => metadata.labels?.[key] === value),
    );
  }
}

/** A pod of one container: istiod itself, or a proxy. */
export function podOf(
  namespace: string,
  name: string,
  app: string,
  restartCount = 0,
  since = new Date().toISOString(),
): KubeObject {
  const container = app === 'istiod' ? 'discovery' : 'istio-proxy';
  const ended = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
  const life = {
    name: container,
    ready: true,
    restartCount,
    state: { running: { startedAt: since } },
    lastState: restartCount === 0 ? {} : ended,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid of ${name}`,
      creationTimestamp: since,
      labels: { app, 'pod-template-hash': 'h', ...(app === 'gateway' ? { istio: 'ingressgateway' } : {}) },
      ownerReferences: [{ name: `${app}-h` }],
    },
    spec: { containers: [{ name: container }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [life] },
  };
}

/** What Go writes when istiod falls over something: the cause, and then where it was, which is long. */
export function panicOf(cause: string, lines = 800): string {
  const stack = Array.from({ length: lines }, (_, depth) => `\t/work/pilot/pkg/model/push_context.go:${depth} +0x1d`);
  const before = '2026-11-20T22:31:01.000001Z\tinfo\tads\tPush debounce stable';
  return [before, cause, '', 'goroutine 1 [running]:', ...stack, ''].join('\n');
}

function tailOf(text: string, lines: number): string {
  return text.split('\n').slice(-lines).join('\n');
}

export function ruleOf(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace, labels } };
}

/** As istiod writes it when a proxy refuses what it was sent. */
export const refusedBy = (pod: string, why: string) =>
  `\twarn\tdelta\tADS:LDS: ACK ERROR ${pod}.istio-e2e-w0-12 Internal:${why}`;
