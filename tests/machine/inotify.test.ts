import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readLimits, roomToWatch } from '../../mesh/machine/inotify.ts';
import { scratch } from '../fakes/scratch.ts';

function hearing() {
  const heard: string[] = [];
  const say = () => undefined;
  return { heard, say: Object.assign(say, { note: (what: string) => heard.push(what) }) };
}

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a limit that is too low is raised aloud, and one that is not stays',
  async () => {
    await using folder = await scratch();
    await writeFile(folder.at('max_user_instances'), '128\n');
    await writeFile(folder.at('max_user_watches'), '600000\n');
    const { heard, say } = hearing();
    await roomToWatch(say, folder.path);
    expect(await readLimits(folder.path)).toEqual({ max_user_instances: 1024, max_user_watches: 600_000 });
    expect(heard).toEqual([
      'fs.inotify.max_user_instances: 128 is too low for the proxies of a cluster, raised to 1024 until this machine starts anew',
    ]);
    expect(await readFile(folder.at('max_user_watches'), 'utf8')).toBe('600000\n');
  },
);
