import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ensureEngine } from '../../mesh/engine/start.ts';
import { distributions } from '../../mesh/machine/apt.ts';
import { cachePath } from '../../mesh/paths.ts';
import { dockerInfo } from '../fakes/docker-info.ts';
import { hearing } from '../fakes/hearing.ts';
import { program, scratch, type Scratch } from '../fakes/scratch.ts';

const debian = (await distributions()).some((one) => one === 'debian' || one === 'ubuntu');

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface State {
  /** What is there already. */
  readonly programs?: readonly string[];
  /** How dpkg has the package of the engine. */
  readonly status?: string;
  /** What each package brings. */
  readonly packages?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A machine whose only programs are fakes: nothing is installed, and no engine started. The one that answers once something was installed is taken for the
 * harness's own.
 */
async function machine({ programs = [], status = '', packages = { 'docker.io': ['dockerd', 'docker'] } }: State = {}) {
  const folder = await scratch();
  const inside = (name: string): Scratch => ({ ...folder, at: (...parts) => folder.at(name, ...parts) });
  for (const name of ['bin', 'shelf', 'engine']) await mkdir(folder.at(name));
  await writeFile(folder.at('info.json'), `${JSON.stringify(dockerInfo)}\n`);
  await writeFile(folder.at('status'), `${status}\n`);
  await writeFile(folder.at('installed'), '');
  await program(inside('shelf'), 'dockerd', ['echo Docker version 27.0.0']);
  await program(inside('shelf'), 'docker', [
    `[ -s ${folder.at('installed')} ] && read -r info < ${folder.at('info.json')} && printf '%s' "$info"`,
  ]);
  for (const name of programs) await cp(folder.at('shelf', name), folder.at('bin', name));
  await program(inside('bin'), 'apt-get', [
    'case "$*" in *" update" | *--download-only) exit 0 ;; esac',
    ...Object.entries(packages).flatMap(([name, brings]) =>
      brings.map(
        (one) => `case "$* " in *" ${name} "*) /bin/cp -p ${folder.at('shelf', one)} ${folder.at('bin')} ;; esac`,
      ),
    ),
    `echo "\${*##*recommends }" >> ${folder.at('installed')}`,
  ]);
  await program(inside('bin'), 'dpkg-query', [`read -r status < ${folder.at('status')} && printf '%s' "$status"`]);
  for (const name of ['dpkg', 'jq', 'systemctl']) await program(inside('bin'), name, []);
  for (const path of (process.env['PATH'] ?? '').split(delimiter).map((one) => join(one, 'setpriv')))
    if (existsSync(path) && !existsSync(folder.at('bin', 'setpriv'))) await symlink(path, folder.at('bin', 'setpriv'));
  // Ends with this process, which holds its input open.
  const engine = spawn(await program(inside('engine'), 'dockerd', ['echo begun', 'read -r _']), {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(engine.stdout, 'data');
  await mkdir(cachePath('engine'), { recursive: true });
  await writeFile(cachePath('engine', 'dockerd.pid'), String(engine.pid));
  vi.stubEnv('PATH', folder.at('bin'));
  vi.stubEnv('DOCKER_HOST', undefined);
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  return {
    /** The packages of each installation. */
    installed: async () => (await readFile(folder.at('installed'), 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: async () => {
      const ended = once(engine, 'exit');
      engine.stdin.end();
      await ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.runIf(process.platform === 'linux' && debian)('a machine without an engine that answers', () => {
  test('is given one by the first of two commands that begin at once, and the other finds it there', async () => {
    await using there = await machine();
    const { say, notes } = hearing();
    const engines = await Promise.all([ensureEngine(say), ensureEngine(say)]);
    expect(engines.map(({ version }) => version)).toEqual(['27.0.0', '27.0.0']);
    expect(await there.installed()).toEqual(['docker.io iptables jq']);
    // Nor is it started twice.
    expect(notes).toEqual([...new Set(notes)]);
  });

  const apart = { 'docker.io': ['dockerd'], 'docker-cli': ['docker'] };
  test.each<[string, State, readonly string[]]>([
    ['nothing', {}, ['docker.io iptables jq']],
    [
      'nothing, and a docker command that is packaged apart',
      { packages: apart },
      ['docker.io iptables jq', 'docker-cli'],
    ],
    ['no docker command', { packages: apart, programs: ['dockerd'], status: 'ii' }, ['docker-cli']],
    [
      'an engine that was never configured',
      { programs: ['dockerd', 'docker'], status: 'iU' },
      ['docker.io iptables jq'],
    ],
  ])('and with %s is given what it lacks, and nothing else', async (_, state, packages) => {
    await using there = await machine(state);
    expect(await ensureEngine(hearing().say)).toMatchObject({ version: '27.0.0' });
    expect(await there.installed()).toEqual(packages);
  });
});
