import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { MeshChanges } from '../../mesh/istio/mesh-changes.ts';
import {
  changeMeshConfig,
  demandUnchanged,
  legibleLogs,
  readMeshConfig,
  restoreMeshConfig,
  takesZipkinSpans,
} from '../../mesh/istio/mesh-config.ts';
import { names } from '../../mesh/world/names.ts';
import type { Run } from '../../mesh/world/run.ts';
import { newRun } from '../../mesh/world/run.ts';
import { hearing } from '../fakes/hearing.ts';
import { cluster } from '../kube/api-server.ts';
import { runBeside } from '../fakes/run-beside.ts';

const mesh = 'accessLogFile: /dev/stdout\n# by hand\nrootNamespace: istio-system\n';
const change = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
const mine = newRun();
const dead: Run = { ...mine, id: 'dead', pid: 2 ** 22 - 1 };
const other = runBeside('other');

/** An API server that keeps one ConfigMap and merges what it is sent. */
async function istiosMap() {
  const map = { metadata: { name: 'istio', annotations: {} as Record<string, string | null> }, data: { mesh } };
  const slots: object[] = [];
  const there = await cluster(({ method, path, body }) => {
    if (path.startsWith('/api/v1/namespaces?')) return { status: 200, body: { items: slots } };
    if (method !== 'PATCH') return { status: 200, body: map };
    const sent = JSON.parse(body) as typeof map;
    Object.assign(map.metadata.annotations, sent.metadata.annotations);
    for (const [key, value] of Object.entries(map.metadata.annotations))
      if (value === null)
        map.metadata.annotations = Object.fromEntries(
          Object.entries(map.metadata.annotations).filter(([one]) => one !== key),
        );
    Object.assign(map.data, sent.data);
    return { status: 200, body: map };
  });
  return { map, slots, kube: there.kube, [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() };
}

test('a change keeps the rest, and is taken back to the letter', async () => {
  await using there = await istiosMap();
  await changeMeshConfig(there.kube, change, mine);
  expect(parse(await readMeshConfig(there.kube))).toEqual({ ...(parse(mesh) as object), ...change });
  expect(await restoreMeshConfig(there.kube, mine)).toBe(true);
  expect(there.map).toEqual({ metadata: { name: 'istio', annotations: {} }, data: { mesh } });
  expect(await restoreMeshConfig(there.kube, mine)).toBe(false);
});

test('another worker of the same run that is testing just now is left alone, and one that was killed is not', async () => {
  await using there = await istiosMap();
  const changedBy = async (pid: number) => {
    await changeMeshConfig(there.kube, change, mine);
    const [name = ''] = Object.keys(there.map.metadata.annotations);
    const note = there.map.metadata.annotations[name];
    const worker = { id: mine.id, host: mine.host, pid };
    const text = JSON.stringify({ ...(JSON.parse(note ?? '') as object), process: worker });
    there.map.metadata.annotations[name] = text;
    return restoreMeshConfig(there.kube, mine);
  };
  expect(await changedBy(process.ppid)).toBe(false);
  there.map.metadata.annotations = {};
  expect(await changedBy(dead.pid)).toBe(true);
});

test('what a dead run left is taken back aloud by the next one', async () => {
  await using there = await istiosMap();
  await changeMeshConfig(there.kube, change, dead);
  const { say, notes } = hearing();
  expect(await restoreMeshConfig(there.kube, mine, say)).toBe(true);
  expect(there.map.data.mesh).toBe(mesh);
  expect(notes).toEqual(['taking back the mesh-wide configuration of run dead, which did not end well']);
});

test('a run that is at work is left alone, and nobody changes what is changed', async () => {
  await using there = await istiosMap();
  await changeMeshConfig(there.kube, change, other);
  expect(await restoreMeshConfig(there.kube, mine)).toBe(false);
  await expect(changeMeshConfig(there.kube, change, mine)).rejects.toThrow(
    /it is changed already.*\[MESH_CONFIG_CHANGED\]/,
  );
  await expect(demandUnchanged(there.kube)).rejects.toThrow('[MESH_CONFIG_CHANGED]');
});

test('one on another machine is at work as long as it has a slot', async () => {
  await using there = await istiosMap();
  const elsewhere = { ...dead, id: 'elsewhere', host: 'another' };
  await changeMeshConfig(there.kube, change, elsewhere);
  there.slots.push({ metadata: { name: 'istio-e2e-w0', annotations: { [names.claim]: JSON.stringify(elsewhere) } } });
  expect(await restoreMeshConfig(there.kube, mine)).toBe(false);
  there.slots.pop();
  expect(await restoreMeshConfig(there.kube, mine)).toBe(true);
  expect(there.map.data.mesh).toBe(mesh);
  await demandUnchanged(there.kube);
});

test('a change that a test is at when it ends is there before it is taken back', async () => {
  await using there = await istiosMap();
  const changes = new MeshChanges();
  const asked = Promise.withResolvers<undefined>();
  const changing = changes.change('Changing', async () => {
    await asked.promise;
    await changeMeshConfig(there.kube, change, mine);
  });
  const restored = changes.end().then(() => restoreMeshConfig(there.kube, mine));
  asked.resolve(undefined);
  expect(await restored).toBe(true);
  await changing;
  expect(there.map).toEqual({ metadata: { name: 'istio', annotations: {} }, data: { mesh } });
});

test('a test that has ended changes nothing any more, whatever became of its last change', async () => {
  await using there = await istiosMap();
  const changes = new MeshChanges();
  await expect(changes.change('Changing', () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
  await changes.end();
  const late = changes.change('Changing it by late.yaml', () => changeMeshConfig(there.kube, change, mine));
  await expect(late).rejects.toThrow(/^Changing it by late\.yaml: .*\[TEST_OVER\]/s);
  expect(there.map.data.mesh).toBe(mesh);
});

test('a provider of traces is there where the mesh names it', async () => {
  await using there = await istiosMap();
  expect(await takesZipkinSpans(there.kube, 'zipkin')).toBe(false);
  await changeMeshConfig(there.kube, { extensionProviders: [{ name: 'zipkin', zipkin: { port: 9411 } }] }, mine);
  expect(await takesZipkinSpans(there.kube, 'zipkin')).toBe(true);
  expect(await takesZipkinSpans(there.kube, 'jaeger')).toBe(false);
});

test('one that speaks otherwise is none, whatever its name', async () => {
  await using there = await istiosMap();
  await changeMeshConfig(there.kube, { extensionProviders: [{ name: 'jaeger', opentelemetry: { port: 4317 } }] }, mine);
  expect(await takesZipkinSpans(there.kube, 'jaeger')).toBe(false);
});

test.each([
  ["the harness's own format", { accessLogFormat: '{ "probe_id": "%REQ(X-PROBE-ID)%" }' }, true, true],
  ["Istio's format, as in the demo profile", {}, true, false],
  ["Istio's format as JSON", { accessLogEncoding: 'JSON' }, true, false],
  ['a format of somebody else', { accessLogFormat: '%RESPONSE_CODE%' }, false, false],
  ['no log, as in the minimal profile', { accessLogFile: '' }, false, false],
])('what can be read in the logs: %s', async (_, format, requests, probes) => {
  await using there = await istiosMap();
  await changeMeshConfig(there.kube, format, mine);
  expect(await legibleLogs(there.kube)).toEqual({ requests, probes });
});

test('where the configuration says nothing of a log, there is none', async () => {
  await using there = await istiosMap();
  there.map.data.mesh = 'rootNamespace: istio-system';
  expect(await legibleLogs(there.kube)).toEqual({ requests: false, probes: false });
});
