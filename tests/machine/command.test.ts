import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, exitBehind, isOnPath, mortal, pipe, run } from '../../mesh/command.ts';
import { listen } from '../apps/servers.ts';
import { startChild } from '../fakes/child.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const doing = 'Counting sheep';
const advice = '  what to do: read the lines above; `npm run doctor` names what this machine lacks';

describe('run', () => {
  test('returns what the program printed on standard output, and only that', async () => {
    expect(await run('sh', ['-c', 'echo one; echo aside >&2; echo two'], { doing })).toBe('one\ntwo');
  });

  test('gives arguments on as they are: no shell reads them', async () => {
    expect(await run('printf', ['%s|', 'a b', '$HOME', '*', ''], { doing })).toBe('a b|$HOME|*||');
  });

  test('gives folder, environment and input on', async () => {
    await using folder = await scratch();
    const options = { doing, cwd: folder.path, env: { SHEEP: 'black' }, input: 'wool' };
    expect(await run('sh', ['-c', 'basename "$PWD"; echo $SHEEP; cat'], options)).toBe(
      `${folder.path.split('/').at(-1) ?? ''}\nblack\nwool`,
    );
  });

  test('tells each line as it comes, of both outputs, and still returns the first', async () => {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    expect(await run('sh', ['-c', 'echo one; echo two; echo aside >&2'], { doing, onLine })).toBe('one\ntwo');
    expect(lines.toSorted()).toEqual(['aside', 'one', 'two']);
  });

  test.each([
    ['', {}],
    [', told line by line', { onLine: () => undefined }],
  ])('a failure says its exit code and the last twenty lines of both outputs%s', async (_, options) => {
    const tail = [...Array.from({ length: 19 }, (_line, index) => `    ${index + 7}`), '    aside'];
    await expect(run('sh', ['-c', 'seq 25; echo aside >&2; exit 3'], { doing, ...options })).rejects.toThrow(
      expect.objectContaining({
        code: 'COMMAND_FAILED',
        blame: 'environment',
        message: [
          'Counting sheep: `sh -c seq 25; echo aside >&2; exit 3` exited with 3',
          ...tail.slice(0, -1),
          '    aside [COMMAND_FAILED]',
          advice,
        ].join('\n'),
      }),
    );
  });

  test('a failure carries the code, the blame and the advice of the caller', async () => {
    const options = { doing, code: 'SHEEP_GONE', blame: 'red', next: 'look behind the hill' } as const;
    await expect(run('false', [], options)).rejects.toThrow(
      expect.objectContaining({
        code: 'SHEEP_GONE',
        blame: 'red',
        message: expect.stringMatching(/\[SHEEP_GONE\]\n {2}what to do: look behind the hill$/) as string,
      }),
    );
  });

  test.each(['no-such-program-of-ours', '/no/such/program'])(
    'a program that is not there is said to be missing: %s',
    async (name) => {
      await expect(run(name, ['--flag'], { doing })).rejects.toThrow(
        new RegExp(`^Counting sheep: \`${name} --flag\` could not be run \\(ENOENT\\)\n`),
      );
    },
  );

  test('a program that takes too long is ended, and the limit said', async () => {
    await expect(run('sh', ['-c', 'echo begun; exec sleep 600'], { doing, timeoutMillis: 200 })).rejects.toThrow(
      'exec sleep 600` took longer than 0.2 s\n    begun [COMMAND_FAILED]',
    );
  });
});

describe('the exit behind an error', () => {
  const exitOf = (command: string, args: readonly string[], timeoutMillis = 60_000) =>
    run(command, args, { doing, timeoutMillis }).then(() => 'none', exitBehind);

  test('is what a program chose, with all that it printed', async () => {
    expect(await exitOf('sh', ['-c', 'echo one; echo aside >&2; exit 3'])).toEqual({
      code: 3,
      printed: ['one', 'aside'],
      complained: ['aside'],
    });
  });

  test.each([
    ['was not there', 'no-such-program-of-ours', []],
    ['was not there, as setpriv says it', 'sh', ['-c', 'exit 127']],
    ['could not be run, as setpriv says it', 'sh', ['-c', 'exit 126']],
    ['was killed', 'sh', ['-c', 'kill -9 $$']],
    [
      'took too long, and chose a code when it was told to end',
      'sh',
      ['-c', 'trap "exit 1" TERM; while :; do sleep 0.05; done'],
    ],
  ])('is none where the program %s', async (_, command, args) => {
    expect(await exitOf(command, args, 300)).toBe(undefined);
  });

  test('is none of an error that is not of a program', () => {
    expect(exitBehind(new Error('exited with 1'))).toBe(undefined);
  });
});

describe('pipe', () => {
  test('what the first writes is what the second reads', async () => {
    await using folder = await scratch();
    await pipe(['sh', '-c', 'echo one; echo two'], ['sh', '-c', 'cat > "$0"', folder.at('read')], { doing });
    expect(await readFile(folder.at('read'), 'utf8')).toBe('one\ntwo\n');
  });

  test.each([
    ['first', 'echo half; echo torn >&2; exit 4', 'cat > /dev/null', 4],
    ['second', 'echo whole', 'cat > /dev/null; echo torn >&2; exit 5', 5],
  ])('a failure of the %s fails the whole, with its last words', async (_, from, to, exitCode) => {
    await expect(pipe(['sh', '-c', from], ['sh', '-c', to], { doing })).rejects.toThrow(
      new RegExp(`^Counting sheep: \`sh -c .* \\| sh -c .*\` exited with ${exitCode}\n {4}torn \\[COMMAND_FAILED\\]\n`),
    );
  });
});

describe('a pipe that takes too long', () => {
  test.each([
    ['first', 'exec sleep 600', 'cat > /dev/null'],
    ['second', 'echo whole', 'exec sleep 600'],
  ])('because of the %s is ended, and the limit said', async (_, from, to) => {
    await expect(pipe(['sh', '-c', from], ['sh', '-c', to], { doing, timeoutMillis: 200 })).rejects.toThrow(
      /^Counting sheep: `sh -c .* \| sh -c .*` took longer than 0\.2 s\n/,
    );
  });
});

describe('ask', () => {
  test.each([
    ['the answer', 'sh', ['-c', 'echo yes'], 'yes'],
    ['undefined for a program that fails', 'sh', ['-c', 'echo no; exit 1'], undefined],
    ['undefined for a program that is not there', 'no-such-program-of-ours', [], undefined],
    ['undefined for a program that takes too long', 'sleep', ['600'], undefined],
  ])('returns %s', async (_, command, args, expected) => {
    expect(await ask(command, args, 500)).toBe(expected);
  });
});

test('isOnPath finds what can be run, and nothing else', async () => {
  await using folder = await scratch();
  await program(folder, 'a-program-of-ours', []);
  expect(isOnPath('a-program-of-ours')).toBe(false);
  using _path = firstOnPath(folder);
  expect(isOnPath('a-program-of-ours')).toBe(true);
});

test('a child does not outlive a parent that is killed with -9', async (context) => {
  context.skip(mortal('sh', [])[0] !== 'setpriv', 'needs Linux and setpriv');
  const server = createServer();
  await using listening = await listen(server);
  const connected = once(server, 'connection');
  await using parent = await startChild('run-for-ever', String(listening.port));
  const [held] = (await connected) as [Socket];
  const closed = once(held.resume(), 'close');
  await parent.killHard();
  await closed;
});
