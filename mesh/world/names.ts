/** Labels and annotations by which the harness knows its own. */
export const names = {
  managedBy: 'app.kubernetes.io/managed-by',
  manager: 'istio-e2e',
  /** The run that made an object. */
  run: 'istio-e2e.dev/run',
  slot: 'istio-e2e.dev/slot',
  /** On namespaces that live no longer than one test. */
  room: 'istio-e2e.dev/room',
  /** On what a test puts into a slot beside what belongs there. */
  extra: 'istio-e2e.dev/extra',
  /** Hash of everything that was put into a slot; absent while it is being made. */
  contents: 'istio-e2e.dev/contents',
  /** On objects of Istio's that belong to a namespace itself, and to no test. */
  fixed: 'istio-e2e.dev/fixed',
  /** On the objects of Prometheus and its like, in istio-system: which of them. */
  addOn: 'istio-e2e.dev/add-on',
  /** On a deployment that is broken on purpose: how many pods it had. */
  scaled: 'istio-e2e.dev/replicas',
  /** The run that works in a slot at this moment. */
  claim: 'istio-e2e.dev/claim',
} as const;

export const ISTIO_NAMESPACE = 'istio-system';

export function slotName(index: number): string {
  return `istio-e2e-w${index}`;
}

/** The slot that a text names, if it names one. */
export function slotIn(text: string): string | undefined {
  return slotsIn(text)[0];
}

/** All slots that it names, in their order. */
export function slotsIn(text: string): readonly string[] {
  return text.match(/\bistio-e2e-w\d+\b/g) ?? [];
}

/** A namespace beside a slot, for what crosses namespaces. */
export function districtName(index: number, name: string): string {
  return `${slotName(index)}-${name}`;
}

export function ownLabels(runId: string): Readonly<Record<string, string>> {
  return { [names.managedBy]: names.manager, [names.run]: runId };
}

/** The value of the label `istio` on the pods of a slot's own ingress gateway. */
export function gatewayLabel(namespace: string): string {
  return `ingress-${namespace}`;
}
