/** What one looks at a mesh with, as Istio's samples set it up in istio-system. */
export const addOnNames = ['prometheus', 'zipkin', 'jaeger', 'grafana', 'kiali'] as const;
export type AddOnName = (typeof addOnNames)[number];

export interface AddOnFacts {
  /** As its own people write it. */
  readonly title: string;
  /** The port that its pod serves its page and its questions on. */
  readonly port: number;
  /** Where its page begins. */
  readonly page: string;
}

/** Each one's pods carry the label `app` with its name. */
export const catalogue: Readonly<Record<AddOnName, AddOnFacts>> = {
  prometheus: {
    title: 'Prometheus',
    port: 9090,
    page: '/consoles/requests.html',
  },
  zipkin: { title: 'Zipkin', port: 9411, page: '/zipkin/' },
  jaeger: { title: 'Jaeger', port: 16686, page: '/search' },
  grafana: { title: 'Grafana', port: 3000, page: '/dashboards' },
  kiali: { title: 'Kiali', port: 20001, page: '/kiali/console/graph/namespaces' },
};

/** What a source of images has of an add-on. */
export type Supply =
  | { readonly image: string; /** A file with Istio's own dashboards, for Grafana. */ readonly dashboards?: string }
  | { readonly lacking: string };
