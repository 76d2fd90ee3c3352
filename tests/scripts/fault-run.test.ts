import { expect, test } from 'vitest';
import { HarnessError } from '../../mesh/errors.ts';
import { faults } from '../../mesh/faults/all.ts';
import type { Fault, Scene } from '../../mesh/faults/fault.ts';
import { outcomeOf } from '../../mesh/faults/outcome.ts';
import { Interrupted } from '../../mesh/interruption.ts';
import { playWithFault } from '../../scripts/fault-run.ts';

const [first] = faults;
if (first === undefined) throw new Error('There are no faults.');
const nowhere = {} as Scene;
const thatCannotBePrepared = (error: Error): Fault => ({ ...first, prepare: () => Promise.reject(error) });

test('what cannot be prepared is missed, with the reason, and ends no command', async () => {
  const said = { doing: 'Injecting a fault', seen: 'mount exited with 32\nonly root may', next: 'be root' };
  const fault = thatCannotBePrepared(new HarnessError({ code: 'NOT_ROOT', blame: 'environment', ...said }));
  const ending = await playWithFault(fault, nowhere, 'none', 'none');
  expect(outcomeOf(fault, ending).verdict).toBe('missed');
  expect(ending).toMatchObject({ exitCode: 3, passed: 0, failed: 0, requests: 0 });
  expect(ending.lines.join('\n')).toMatch(/only root may[^]*be root/);
});

test.each([new Interrupted('by Ctrl-C'), new TypeError('a mistake of its own')])('%s ends it there', async (error) => {
  await expect(playWithFault(thatCannotBePrepared(error), nowhere, 'none', 'none')).rejects.toBe(error);
});
