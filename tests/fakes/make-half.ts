import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keep } from '../../mesh/source/store.ts';

// Makes the folder at argument 1, and never gets further than half.
await keep(process.argv[2] ?? '', async (halfMade) => {
  await mkdir(halfMade);
  await writeFile(join(halfMade, 'first'), 'half');
  console.log('half');
  await pause(3_600_000);
});
