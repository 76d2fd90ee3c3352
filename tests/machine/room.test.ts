import { expect, test } from 'vitest';
import { demandRoom } from '../../mesh/machine/room.ts';
import { scratch } from '../fakes/scratch.ts';

test('room is demanded in a folder that need not be there yet', async () => {
  await using folder = await scratch();
  await demandRoom(folder.at('a', 'b'), 0.1, 'Looking');
  await expect(demandRoom(folder.at('a', 'b'), 1e9, 'Looking')).rejects.toThrow(
    /^Looking: no space left in .* \[DISK_FULL\]/,
  );
});
