import { ask, run } from '../command.ts';
import type { Say } from '../say.ts';
import { isAtWork, parseRun, type Run } from '../world/run.ts';

/** Labels of the containers that stand for the outside world. */
export const labels = { outside: 'istio-e2e.dev/outside', run: 'istio-e2e.dev/run' } as const;

/**
 * Removes the outside servers of this run and of runs that have died; those of a run that is at work stay. testcontainers leaves this to a
 * container of its own, whose image not every machine can pull.
 */
export async function removeOutsideServers(ours: Run, say: Say): Promise<readonly string[]> {
  const format = `{{.ID}} {{.Label "${labels.run}"}}`;
  const printed = await ask('docker', ['ps', '-a', '--filter', `label=${labels.outside}`, '--format', format]);
  const found = (printed ?? '').split('\n').filter((line) => line !== '');
  const stale = found.flatMap((line) => {
    const [container = '', ...label] = line.split(' ');
    const owner = parseRun(label.join(' '));
    return owner === undefined || !isAtWork(owner, ours) ? [{ container, owner }] : [];
  });
  if (stale.length === 0) return [];
  for (const { owner } of stale)
    if (owner?.id !== ours.id) say.note(`removing the outside server of run ${owner?.id ?? 'unknown'}, which died`);
  const ids = stale.map(({ container }) => container);
  await run('docker', ['rm', '-f', '-v', ...ids], { doing: 'Removing outside servers' });
  return ids;
}
