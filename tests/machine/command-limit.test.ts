import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { pipe, run } from '../../mesh/command.ts';

const HOUR = expect.objectContaining({ timeout: 3_600_000 }) as unknown;
const doing = 'Counting sheep';

/** Where the second of two programs was begun. */
const pipes = vi.hoisted(() => [] as unknown[]);

vi.mock(import('execa'), async (original) => {
  const real = await original();
  const begin = (...given: Parameters<typeof real.execa>) => {
    const child = real.execa(...given);
    pipes.push(vi.spyOn(child, 'pipe'));
    return child;
  };
  return { ...real, execa: vi.fn(begin) as unknown as typeof real.execa };
});

test('a program may take an hour where nothing else is said', async () => {
  await run('true', [], { doing });
  expect(execa).toHaveBeenLastCalledWith(expect.anything(), expect.anything(), HOUR);
});

test('so may each of two that are piped', async () => {
  await pipe(['true'], ['true'], { doing });
  expect(execa).toHaveBeenLastCalledWith(expect.anything(), expect.anything(), HOUR);
  expect(pipes.at(-1)).toHaveBeenCalledWith(expect.anything(), expect.anything(), HOUR);
});
