import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { listen } from '../apps/servers.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const hello = 'console.log(...process.argv.slice(2)); process.exitCode = 7;';
const holdOn = 'import { connect } from "node:net"; connect(Number(process.argv[2]), "127.0.0.1").resume();';

/** A checkout with two commands, and an npm that only notes where it was called. */
async function fakeCheckout(npm: readonly string[] = []) {
  const folder = await scratch();
  for (const name of ['scripts', 'apps/nodebook/node_modules', 'node_modules/.bin']) {
    await mkdir(folder.at(name), { recursive: true });
  }
  await cp(join(projectRoot, 'scripts', 'run.mjs'), folder.at('scripts', 'run.mjs'));
  await writeFile(folder.at('scripts', 'hello.ts'), hello);
  await writeFile(folder.at('scripts', 'hold-on.ts'), holdOn);
  for (const name of ['.', 'apps/nodebook']) await writeFile(folder.at(name, 'package-lock.json'), '{}');
  await symlink(process.execPath, folder.at('node_modules', '.bin', 'node'));
  await program(folder, 'npm', [`echo "$PWD $*" >> ${folder.at('calls')}`, ...npm]);
  await writeFile(folder.at('calls'), '');
  const run = folder.at('scripts', 'run.mjs');
  return {
    ...folder,
    run,
    lock: (text: string) => writeFile(folder.at('package-lock.json'), text),
    start: (...args: readonly string[]) => {
      using _path = firstOnPath(folder);
      return execa(process.execPath, [run, ...args], { reject: false, cwd: folder.at('apps') });
    },
    installed: async () =>
      (await readFile(folder.at('calls'), 'utf8'))
        .split('\n')
        .filter((call) => call !== '')
        .map((call) => call.slice(folder.path.length).replace(/^[ /]/, '').split(' --')[0]),
  };
}

describe('run.mjs', () => {
  test('gives arguments to the command and its exit code back', async () => {
    await using checkout = await fakeCheckout();
    const { stdout, exitCode } = await checkout.start('hello', '--grep', 'two words');
    expect(stdout.split('\n').at(-1)).toBe('--grep two words');
    expect(exitCode).toBe(7);
  });

  test('installs what is missing, and again only where a lock file has changed', async () => {
    await using checkout = await fakeCheckout();
    await checkout.start('hello');
    await checkout.start('hello');
    expect(await checkout.installed()).toEqual(['ci', 'apps/nodebook ci']);
    await checkout.lock('{"changed":true}');
    await checkout.start('hello');
    expect(await checkout.installed()).toHaveLength(3);
  });

  test("installs all that runs here, whatever the user's own settings leave out", async () => {
    await using checkout = await fakeCheckout();
    await checkout.start('hello');
    const calls = (await readFile(checkout.at('calls'), 'utf8')).trimEnd().split('\n');
    expect(calls).toHaveLength(2);
    for (const call of calls)
      expect(call.split(' ')).toEqual(expect.arrayContaining(['--include=dev', '--ignore-scripts=false']));
  });

  test('an installation that fails is said, is no reason to start, and is tried again', async () => {
    await using checkout = await fakeCheckout(['exit 1']);
    const first = await checkout.start('hello');
    expect(first.stderr).toBe(
      [
        `Installing the dependencies: npm ci failed in ${checkout.path} [DEPENDENCIES_MISSING]`,
        '  what to do: check that the npm registry answers (`npm ping`), then run this again',
      ].join('\n'),
    );
    expect(first).toMatchObject({ exitCode: 3, stdout: 'Installing the dependencies of the harness (npm ci) ...' });
    await checkout.start('hello');
    expect(await checkout.installed()).toHaveLength(2);
  });

  test.each([['nonsense'], []])(
    'a command that there is not is misuse, and nothing is installed for it',
    async (...args) => {
      await using checkout = await fakeCheckout();
      const { stderr, exitCode } = await checkout.start(...args);
      expect(stderr).toMatch(/^Starting \w+: there is no such command \[UNKNOWN_COMMAND\]\n/);
      expect(exitCode).toBe(2);
      expect(await checkout.installed()).toEqual([]);
    },
  );

  test('a command ends when whoever asked for it is killed with -9', async () => {
    await using checkout = await fakeCheckout();
    await checkout.start('hello');
    const server = createServer();
    await using listening = await listen(server);
    const connected = once(server, 'connection');
    const start = 'require("node:child_process").spawn(process.execPath, process.argv.slice(1), { stdio: "ignore" })';
    const caller = execa(process.execPath, ['-e', start, checkout.run, 'hold-on', String(listening.port)], {
      reject: false,
    });
    const [held] = (await connected) as [Socket];
    const closed = once(held.resume(), 'close');
    caller.kill('SIGKILL');
    await closed;
    await caller;
  });
});
