import { expect, test } from 'vitest';
import { addOnNames, catalogue } from '../../mesh/addons/catalogue.ts';
import { objectsOf } from '../../mesh/addons/objects.ts';
import { dig } from '../../mesh/proxy/dump.ts';
import { names } from '../../mesh/world/names.ts';

const dashboards = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-grafana-dashboards, namespace: istio-system }',
  'apiVersion: v1\nkind: Service\nmetadata: { name: grafana, namespace: istio-system }\nspec: { theirs: true }',
].join('\n---\n');

test.each(addOnNames)('%s has one deployment, with its image, its port and the label it is found by', async (name) => {
  const objects = await objectsOf(name, 'registry.example/it:1');
  const [deployment, ...more] = objects.filter(({ kind }) => kind === 'Deployment');
  expect(more).toEqual([]);
  expect(deployment?.metadata).toMatchObject({ name, namespace: 'istio-system', labels: { [names.addOn]: name } });
  expect(dig(deployment, 'spec', 'template', 'metadata', 'labels')).toMatchObject({ app: name, [names.addOn]: name });
  // Said, so that one that was scaled to nothing comes back.
  expect(dig(deployment, 'spec', 'replicas')).toBe(1);
  const [container] = dig(deployment, 'spec', 'template', 'spec', 'containers') as { image: string; ports: object[] }[];
  expect(container?.image).toBe('registry.example/it:1');
  expect(container?.ports).toContainEqual(expect.objectContaining({ containerPort: catalogue[name].port }));
});

test('what belongs to no namespace is put into none', async () => {
  const roles = (await objectsOf('prometheus', 'p')).filter(({ kind }) => kind.startsWith('ClusterRole'));
  expect(roles.map(({ metadata }) => [metadata.name, metadata.namespace])).toEqual([
    ['istio-e2e-prometheus', undefined],
    ['istio-e2e-prometheus', undefined],
  ]);
});

test('another image, or another dashboard, is another pod', async () => {
  const hash = async (image: string, text?: string) => {
    const deployment = (await objectsOf('grafana', image, text)).find(({ kind }) => kind === 'Deployment');
    return dig(deployment, 'spec', 'template', 'metadata', 'annotations', names.contents);
  };
  expect(await hash('g:1')).toBe(await hash('g:1'));
  expect(await hash('g:2')).not.toBe(await hash('g:1'));
  expect(await hash('g:1', dashboards)).not.toBe(await hash('g:1'));
});

test('of the release only the dashboards are taken', async () => {
  const objects = await objectsOf('grafana', 'g', dashboards);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain(
    'ConfigMap istio-grafana-dashboards',
  );
  expect(objects.filter(({ kind }) => kind === 'Service').map((one) => dig(one, 'spec', 'theirs'))).toEqual([
    undefined,
  ]);
});
