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
  const said = { doing: 'Making a small disk', seen: 'only root may mount', next: 'be root' };
  const fault = thatCannotBePrepared(new HarnessError({ code: 'NOT_ROOT', blame: 'environment', ...said }));
  const ending = await playWithFault(fault, nowhere, 'none', 'none');
  expect(outcomeOf(fault, ending).verdict).toBe('missed');
  expect(ending).toMatchObject({ exitCode: 3, passed: 0, failed: 0, requests: 0 });
  expect(ending.lines).toEqual([expect.stringContaining('only root may mount')]);
});

test('who interrupts ends it there', async () => {
  const fault = thatCannotBePrepared(new Interrupted('by Ctrl-C'));
  await expect(playWithFault(fault, nowhere, 'none', 'none')).rejects.toThrow(Interrupted);
});
