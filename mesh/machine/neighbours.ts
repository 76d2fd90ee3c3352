import { type Check, fine, limits } from './check.ts';

/**
 * @param running the harness's kind clusters that run on this engine
 * @param own the one that the run works on
 */
export function neighbours(running: readonly string[], own: string | undefined): Check {
  const others = running.filter((name) => name !== own);
  if (others.length === 0) return fine('clusters', 'no other one of the harness runs here');
  return limits(
    'clusters',
    `${others.join(', ')} ${others.length === 1 ? 'runs' : 'run'} here too, and an idle one takes CPU from the run`,
    others.map((name) => `npm run down -- --cluster ${name}`).join('; '),
  );
}
