import { run } from '../mesh/command.ts';
import { HarnessError } from '../mesh/errors.ts';
import { projectRoot } from '../mesh/paths.ts';

const doing = 'Looking which commit this is';

/**
 * The commit of this checkout, for what has to be able to say what was run.
 *
 * @throws HarnessError DIRTY_TREE where files differ from it
 */
export async function cleanCommit(root = projectRoot): Promise<string> {
  const git = (...args: readonly string[]) =>
    run('git', ['-C', root, ...args], {
      doing,
      code: 'NO_COMMIT',
      blame: 'usage',
      next: 'run this in a checkout of the repository',
    });
  const changed = await git('status', '--porcelain');
  if (changed === '') return (await git('rev-parse', '--short=12', 'HEAD')).trim();
  throw new HarnessError({
    code: 'DIRTY_TREE',
    blame: 'usage',
    doing,
    expected: 'a checkout without changes, so that the commit says what was run',
    seen: changed.split('\n').slice(0, 5).join(', '),
    next: 'commit them, or put them aside with `git stash -u`',
  });
}
