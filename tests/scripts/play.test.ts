import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { counted } from '../../scripts/play.ts';
import { scratch } from '../fakes/scratch.ts';

const complained = 'MeshComplained: istiod logged an error: klog lost the lease';
const disturbed = 'HarnessError: During this run: pod istiod-a of istiod was replaced by istiod-b [MESH_DISTURBED]';
const skipped = { tests: [{ status: 'skipped', expectedStatus: 'skipped', results: [{ status: 'skipped' }] }] };

/** What comes of a run whose only test is skipped, and that ends with these errors. */
async function endingWith(...messages: readonly string[]) {
  await using folder = await scratch();
  const path = folder.at('results.json');
  const errors = messages.map((message) => ({ message }));
  await writeFile(path, JSON.stringify({ suites: [{ specs: [skipped] }], errors }));
  return await counted(path, 1, []);
}

// What the run is charged with is judged, whether or not one of its tests is.
test.each([
  ['a complaint of the mesh', [complained]],
  ['a complaint beside what disturbed it', [disturbed, complained]],
])('a run without a test is red after %s', async (_, messages) => {
  expect(await endingWith(...messages)).toMatchObject({ passed: 0, failed: 0, skipped: 1, exitCode: 1 });
});

test('a run without a test that was disturbed has judged nothing', async () => {
  await expect(endingWith(disturbed)).rejects.toThrow(
    expect.objectContaining({ code: 'NOTHING_RAN', blame: 'environment' }),
  );
});
