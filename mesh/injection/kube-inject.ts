import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import { claimed } from '../istio/claimed.ts';
import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { dig, text } from '../proxy/dump.ts';
import { parseRules } from '../rules/rule.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';

export type Sidecar = 'native' | 'classic';

/** What `istioctl kube-inject` makes of these objects, by the cluster's own configuration. */
export async function kubeInject(
  handle: Pick<ClusterHandle, 'istioctl' | 'kubeconfig' | 'context'>,
  objects: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  return inject(handle, objects, [], {});
}

/** The same by files that were exported from the cluster. Which kind of sidecar it becomes, istioctl's environment says then. */
export async function injectByFiles(
  handle: Pick<ClusterHandle, 'istioctl' | 'kubeconfig' | 'context'>,
  kube: Kube,
  objects: readonly KubeObject[],
  sidecar: Sidecar,
): Promise<readonly KubeObject[]> {
  const [injector, istio] = await Promise.all([configMap(kube, 'istio-sidecar-injector'), configMap(kube, 'istio')]);
  const folder = await mkdtemp(join(tmpdir(), 'istio-e2e-inject-'));
  const exported = async (option: string, source: KubeObject, key: string) => {
    const file = join(folder, key);
    await writeFile(file, text(dig(source, 'data', key)));
    return [option, file];
  };
  try {
    const files = await Promise.all([
      exported('--injectConfigFile', injector, 'config'),
      exported('--valuesFile', injector, 'values'),
      exported('--meshConfigFile', istio, 'mesh'),
    ]);
    return await inject(handle, objects, files.flat(), { ENABLE_NATIVE_SIDECARS: `${sidecar === 'native'}` });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inject(
  { istioctl, kubeconfig, context }: Pick<ClusterHandle, 'istioctl' | 'kubeconfig' | 'context'>,
  objects: readonly KubeObject[],
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly KubeObject[]> {
  const args = ['kube-inject', '-f', '-', '--kubeconfig', kubeconfig, '--context', context, ...options];
  const input = objects.map((object) => stringify(object)).join('---\n');
  const doing = 'Injecting the proxy with istioctl kube-inject';
  return parseRules(await claimed(istioctl, args, { doing, input, env, timeoutMillis: 30_000 }));
}

async function configMap(kube: Kube, name: string): Promise<KubeObject> {
  const found = await kube.get({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: ISTIO_NAMESPACE },
  });
  if (found !== undefined) return found;
  throw new HarnessError({
    code: 'INJECTOR_UNREADABLE',
    blame: 'environment',
    doing: 'Exporting what the injector works by',
    expected: `the config map ${ISTIO_NAMESPACE}/${name}`,
    seen: 'there is none',
    next: 'see whether Istio is installed; a revision of its own name has config maps of other names',
  });
}
