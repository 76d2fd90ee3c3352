import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cleaner, secretsIn } from '../../mesh/bundle/clean.ts';
import { fromCluster } from '../../mesh/bundle/from-cluster.ts';
import { fromReport } from '../../mesh/bundle/from-report.ts';
import { indexOf } from '../../mesh/bundle/pack.ts';
import { takeAll } from '../../mesh/bundle/piece.ts';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import { type Scratch, scratch } from '../fakes/scratch.ts';
import { runScript } from '../fakes/script.ts';
import { cluster } from '../kube/api-server.ts';

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----';
const kubeconfig = `users:\n- name: a\n  user:\n    client-key-data: ${Buffer.from(key).toString('base64')}\n    token: opaque-token-1234\n`;
const secrets = ['eyJhbGciOiJSUzI1NiJ9', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'LS0tLS1CRUdJTi', 'opaque-token-1234'];
const planted = `${token}\n${key}\n${kubeconfig}`;

/** Every file of a bundle as one text. */
async function unpacked(folder: Scratch, file: string): Promise<string> {
  await execa('tar', ['-xzf', file, '-C', folder.path]);
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.tar.gz'));
  const texts = files.map(async ({ parentPath, name }) => `${name}\n${await readFile(join(parentPath, name), 'utf8')}`);
  return (await Promise.all(texts)).join('\n');
}

test('a bundle without a cluster has the report without its secrets, and says what could not be had', async () => {
  await using folder = await scratch();
  await using inside = await scratch();
  const report = folder.at('report');
  await mkdir(join(report, 'evidence', 'T05'), { recursive: true });
  for (const folder of ['html', 'run-3/html']) await mkdir(join(report, folder), { recursive: true });
  await writeFile(join(report, 'run-3', 'html', 'index.html'), planted);
  await writeFile(join(report, 'page.html'), `data:application/zip;base64,${Buffer.from(planted).toString('base64')}`);
  await writeFile(join(report, 'scenarios.md'), `| T05 | failed |\nplanted:\n${planted}`);
  await writeFile(join(report, 'evidence', 'T05', 'one.json'), JSON.stringify({ asked: 688, body: planted }));
  await writeFile(join(report, 'html', 'index.html'), planted);
  await writeFile(join(report, 'picture.png'), Buffer.from([137, 80, 0, 1]));
  const body = Buffer.from(`tally of T05\n${planted}`).toString('base64');
  await writeFile(join(report, 'results.json'), JSON.stringify({ attachments: [{ name: 'tally.txt', body }] }));

  const file = folder.at('bundle.tar.gz');
  const { exitCode, stdout } = await runScript(folder, ['bundle', '--report', report, '--output', file]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(file) as string });
  expect(stdout).toContain('cluster/nothing.txt: no cluster was brought up under this name');
  expect(stdout).toContain('engine/info.txt: ');
  const text = await unpacked(inside, file);
  for (const kept of ['| T05 | failed |', '"asked":688', 'tally of T05', '"pinned"', 'memory'])
    expect(text).toContain(kept);
  expect(text).toContain('report/picture.png: left out: it is no text');
  expect(text).toContain('report/page.html: left out: it is packed');
  expect(text).not.toContain(Buffer.from(token).toString('base64').slice(0, 30));
  for (const secret of secrets) expect(text).not.toContain(secret);
});

test('the results of a very red night are in it, however long; no other text is', async () => {
  await using folder = await scratch();
  const long = 'x'.repeat(9 * 1024 ** 2);
  await writeFile(folder.at('results.json'), `{"attachments": [{"body": "${Buffer.from(long).toString('base64')}"}]}`);
  await writeFile(folder.at('long.txt'), long);
  const taken = await takeAll(await fromReport(folder.path), (text) => text);
  expect(taken.map(({ path, missing }) => [path, missing])).toEqual([
    ['report/long.txt', 'left out: it has 9 MiB'],
    ['report/results.json', undefined],
  ]);
});

test('of a cluster everything is asked for, and each piece that cannot be had says why', async () => {
  const pod = {
    metadata: { name: 'prober-1', namespace: 'istio-system', uid: 'u', labels: {} },
    spec: {
      containers: [
        { name: 'prober', env: [{ name: 'API_TOKEN', value: 'opaque-token-1234' }] },
        { name: 'istio-proxy' },
      ],
    },
    status: {},
  };
  await using server = await cluster(({ path: asked }) => {
    const [path = ''] = asked.split('?');
    if (path === '/version') return { status: 200, body: { gitVersion: 'v1.36.3' } };
    if (path.endsWith('/log')) return { status: 200, body: `a line with ${planted}` };
    if (path.endsWith('/istio-system/pods')) return { status: 200, body: { items: [pod] } };
    if (path.includes('services')) return { status: 500, body: { message: 'etcd is gone' } };
    return { status: 200, body: { items: [] } };
  });
  const handle = { istioctl: '/no/istioctl', kubeconfig: server.kubeconfig, context: 'ours' } as ClusterHandle;
  const clean = cleaner(await secretsIn(server.kubeconfig));
  const taken = await takeAll(await fromCluster(server.kube, handle), clean);
  const paths = taken.map(({ path }) => path);
  expect(paths).toContain('cluster/istio-system/logs/prober-1.prober.log');
  expect(paths).toContain('cluster/istio-system/proxies/prober-1.json');
  const index = indexOf(taken);
  expect(index).toMatch(
    /- cluster\/istio-system\/proxies\/prober-1\.json: Reading the proxy of istio-system\/prober-1: /,
  );
  const text = taken.map(({ body }) => body).join('\n');
  expect(text).toContain('a line with <token>');
  for (const secret of [...secrets, 'secret-word']) expect(text).not.toContain(secret);
});

test('what does not come in time is left out, and everything else is there', async () => {
  const late = { path: 'late.txt', take: () => new Promise<string>(() => undefined) };
  const there = { path: 'there.txt', take: () => Promise.resolve('here') };
  const taken = await takeAll([late, there], (text) => text, 50);
  expect(taken).toEqual([
    { path: 'late.txt', body: 'could not be had: it took longer than 0.05 s\n', missing: 'it took longer than 0.05 s' },
    { path: 'there.txt', body: 'here' },
  ]);
});
