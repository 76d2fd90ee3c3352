import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import type { CommandOptions } from '../../mesh/command.ts';
import { HarnessError } from '../../mesh/errors.ts';
import { kubeInject } from '../../mesh/injection/kube-inject.ts';
import { analyze } from '../../mesh/istio/analyze.ts';
import { claimed } from '../../mesh/istio/claimed.ts';
import { proveIstio, readRejects, readVersions, type Target } from '../../mesh/istio/proof.ts';
import { purgeIstio } from '../../mesh/istio/uninstall.ts';
import { viewByIstioctl } from '../../mesh/proxy/by-istioctl.ts';
import { bootstrapByIstioctl, viewByProxyConfig } from '../../mesh/proxy/by-proxy-config.ts';
import { quiet } from '../../mesh/say.ts';
import { isUnjudged } from '../../mesh/verdict/unjudged.ts';
import { program, scratch } from '../fakes/scratch.ts';

/** As istioctl itself would be called, with a script in its place. */
async function having<T>(lines: readonly string[], call: (target: Target) => Promise<T>): Promise<T> {
  await using folder = await scratch();
  return await call({ istioctl: await program(folder, 'istioctl', lines), kubeconfig: 'none', context: 'blue' });
}

const calling = (lines: readonly string[], options: Partial<CommandOptions> = {}) =>
  having(lines, ({ istioctl }) => claimed(istioctl, ['analyze', '-o', 'json'], { doing: 'Analyzing', ...options }));

const failing = (stderr: string, code = 1) => [`cat >&2 <<'END'\n${stderr}\nEND`, `exit ${code}`];

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** What a report says of it. */
const reported = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const panic = `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x28 pc=0x1]

goroutine 1 [running]:
istio.io/istio/istioctl/pkg/analyze.Analyze()`;

test('an answer is given on, also with the exit code that is one', async () => {
  expect(await calling(['echo "[]"'])).toBe('[]');
  expect(await calling(['echo "[]"; exit 79'], { alsoAnswers: 79 })).toBe('[]');
});

describe('an istioctl that fails', () => {
  test('is a verdict on the mesh, with what it said', async () => {
    const error = await thrownBy(calling(failing(panic, 2), { alsoAnswers: 79 }));
    expect(error).not.toBeInstanceOf(HarnessError);
    const lines = reported(error).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Error: istioctl analyze exited with 2: panic: runtime error: invalid memory address or nil pointer dereference [suspect: the mesh]',
      '  expected: exit code 0 or 79',
    ]);
    expect(lines[2]).toMatch(/^ {2}seen: `\/.*\/istioctl analyze -o json` exited with 2$/);
    expect(lines.slice(3)).toEqual(panic.split('\n').map((line) => `    ${line}`));
    expect(isUnjudged(reported(error))).toBe(false);
  });

  test.each([
    ['its error, not what it remarked before', 'W0102 a warning\nError: no such flag', ': Error: no such flag'],
    ['its first words where none is called an error', 'cannot go on\nreally', ': cannot go on'],
    ['nothing where it said nothing', '', ': it did not say why'],
    ['it without secrets', 'Error: eyJhbGciOi.eyJpc3Mi.c2ln was refused', ': Error: <token> was refused'],
  ])('is told by %s', async (_, stderr, words) => {
    const error = await thrownBy(calling(failing(stderr)));
    expect(reported(error).split('\n')[0]).toBe(`Error: istioctl analyze exited with 1${words} [suspect: the mesh]`);
  });

  // Put together after the sources of istioctl 1.31.1 and of Kubernetes' port forwarding.
  test.each([
    [
      'a proxy',
      'E0102 an error occurred forwarding 4001 -> 15000: dial tcp4 127.0.0.1:15000: connect: connection refused',
    ],
    ['a proxy', 'Error: failure running port forward process: Get "http://localhost:4001/config_dump": EOF'],
    [
      'istiod',
      'Error: rpc error: code = Unavailable desc = connection error: desc = "error reading server preface: EOF"',
    ],
    ['istiod', 'Error: Post "https://localhost:4001/inject": context deadline exceeded'],
    ['istiod', 'Error: Get "http://localhost:4001/version": dial tcp 127.0.0.1:4001: connect: connection refused'],
    [
      'istiod',
      'Error: failed calling webhook: Post "https://istiod.istio-system.svc:443/validate": dial tcp 10.96.0.9:443: connect: connection refused',
    ],
  ])('is one also where %s in the mesh is what did not answer: %s', async (_, stderr) => {
    expect(isUnjudged(reported(await thrownBy(calling(failing(stderr)))))).toBe(false);
  });
});

describe('no verdict, and an error of the harness, is an istioctl', () => {
  // The first ones as istioctl 1.31.1 printed them before a port where nobody listened, or somebody who did not answer.
  const api = 'Error: Get "https://127.0.0.1:6443/api/v1/namespaces/x?timeout=15s":';
  const through = 'Error: failed to execute command on a.b sidecar: failure running port forward process:';
  test.each([
    `${api} dial tcp 127.0.0.1:6443: connect: connection refused`,
    `${api} dial tcp 127.0.0.1:6443: i/o timeout`,
    `${api} dial tcp: lookup api.example.com on 10.0.0.53:53: no such host`,
    `${api} read tcp 10.0.0.1:4001->10.0.0.2:6443: read: connection reset by peer`,
    `${api} net/http: TLS handshake timeout`,
    `${api} context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    `${api} http2: client connection lost`,
    `${api} EOF`,
    `${through} building port forwarded: failed retrieving: Get "https://127.0.0.1:6443/api/v1/namespaces/b/pods/a": EOF in the "b" namespace`,
    `${through} error upgrading connection: error dialing backend: dial tcp 172.18.0.2:10250: connect: connection refused`,
    'Error: Get "https://rancher.example.com/k8s/clusters/c-1/apis/apps/v1/deployments?limit=500": unexpected EOF',
    'E0102 reflector.go:158] "Unhandled Error" err="failed to list: Get \\"https://127.0.0.1:6443/api/v1/pods\\": dial tcp 127.0.0.1:6443: connect: connection refused"\nError: no pods',
    'Unable to connect to the server: net/http: TLS handshake timeout',
    'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    'Error: unexpected error when reading response body. Please retry. Original error: http2: client connection lost',
    'Error: etcdserver: request timed out',
    'Error: the server is currently unable to handle the request (get pods)',
    'Error: open /tmp/x: too many open files',
    `${api} getting credentials: exec: executable aws not found`,
    `${api} tls: failed to verify certificate: x509: certificate has expired`,
    `${api} dial tcp 10.0.0.2:6443: connect: no route to host`,
    `${through} error upgrading connection: pods "a" is forbidden: User "dev" cannot create resource "pods/portforward" in API group ""`,
    'Error: Unauthorized',
    'error: You must be logged in to the server (Unauthorized)',
    'Error: the server has received too many requests and has asked us to try again later',
    'Error: an error on the server ("apiserver is shutting down") has prevented the request from succeeding',
  ])('that says: %s', async (stderr) => {
    const error = await thrownBy(calling(failing(stderr)));
    expect(error).toMatchObject({ code: 'COMMAND_FAILED', blame: 'environment' });
    expect(isUnjudged(reported(error))).toBe(true);
  });

  test.each([
    ['takes too long', ['exec sleep 600']],
    ['was killed', ['echo "panic: x" >&2', 'kill -9 $$']],
  ])('that %s', async (_, lines) => {
    const error = await thrownBy(calling(lines, { timeoutMillis: 300 }));
    expect(error).toMatchObject({ code: 'COMMAND_FAILED' });
    expect(isUnjudged(reported(error))).toBe(true);
  });

  test.each(['not-there', 'of-another-machine'])('that cannot be started: %s', async (name) => {
    await using folder = await scratch();
    const other = folder.at('of-another-machine');
    // Its interpreter is not there, as a loader for another architecture would not be.
    await writeFile(other, '#!/no/such/loader\n');
    await chmod(other, 0o755);
    const error = await thrownBy(claimed(folder.at(name), ['analyze'], { doing: 'Analyzing' }));
    expect(error).toMatchObject({ code: 'COMMAND_FAILED' });
    expect(isUnjudged(reported(error))).toBe(true);
  });
});

const asHandle = (target: Target) => target as unknown as ClusterHandle;

describe('whose work the command is', () => {
  const verdict = async (call: (target: Target) => Promise<unknown>) =>
    reported(await thrownBy(having(failing(panic, 2), call))).split('\n')[0];

  test.each<[string, (target: Target) => Promise<unknown>]>([
    ['analyze', (target) => analyze(target, 'blue', [[]])],
    ['kube-inject', (target) => kubeInject(target, [])],
    ['proxy-config', (target) => viewByProxyConfig(asHandle(target), 'blue', 'a').read(['clusters'])],
    ['proxy-config', (target) => bootstrapByIstioctl(asHandle(target), 'blue', 'a')],
    ['uninstall', (target) => purgeIstio(target, claimed)],
    ['version', (target) => readVersions(target, claimed, () => true)],
    ['proxy-status', (target) => readRejects(target, claimed, () => true)],
  ])('a test claims that istioctl %s works', async (command, call) => {
    expect(await verdict(call)).toMatch(
      new RegExp(`^Error: istioctl ${command} exited with 2: panic: .* \\[suspect: the mesh\\]$`),
    );
  });

  test.each<[string, (target: Target) => Promise<unknown>]>([
    ['proving Istio on the way up', (target) => proveIstio(target, '1.31.1', quiet)],
    ['uninstalling it on the way down', (target) => purgeIstio(target)],
  ])('%s is no claim', async (_, call) => {
    expect(await verdict(call)).toMatch(/^HarnessError: /);
  });
});

test.each<[string, (target: Target) => Promise<unknown>]>([
  ['all', (target) => viewByIstioctl(asHandle(target), 'blue', 'a').read(['clusters'])],
  ['routes', (target) => viewByProxyConfig(asHandle(target), 'blue', 'a').read(['routes'])],
  ['bootstrap', (target) => bootstrapByIstioctl(asHandle(target), 'blue', 'a')],
])('a table where the proxy-config %s were to come as JSON is told with how it begins', async (what, call) => {
  const error = await thrownBy(having(['echo "SERVICE FQDN   PORT"'], call));
  expect(reported(error).split('\n')[0]).toBe(
    `HarnessError: Reading what istioctl proxy-config ${what} printed: "SERVICE FQDN   PORT" [ISTIOCTL_UNREADABLE]`,
  );
});
