import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Lock } from '../../mesh/lock.ts';
import { projectRoot } from '../../mesh/paths.ts';
import { ALONE, alone, inCompany } from '../../mesh/world/company.ts';
import { type Scratch, scratch } from '../fakes/scratch.ts';

const meetingIn = (folder: Scratch) => ({ door: folder.at('door'), room: folder.at('room') });

test('many keep each other company', async () => {
  await using folder = await scratch();
  const meeting = meetingIn(folder);
  using _first = await inCompany(meeting);
  using _second = await inCompany(meeting);
  expect(Lock.take(meeting.room)).toEqual({ heldBy: expect.any(String) as string });
});

test('who is alone keeps everybody out, and lets them in afterwards', async () => {
  await using folder = await scratch();
  const meeting = meetingIn(folder);
  const entered: string[] = [];
  const one = await alone(meeting);
  const other = inCompany(meeting).then((lock) => {
    entered.push('other');
    lock[Symbol.dispose]();
  });
  expect(Lock.share(meeting.room)).toEqual({ heldBy: expect.stringContaining(`${process.pid}`) as string });
  expect(entered).toEqual([]);
  one[Symbol.dispose]();
  await other;
  expect(entered).toEqual(['other']);
});

test('who wants to be alone is not overtaken', async () => {
  await using folder = await scratch();
  const meeting = meetingIn(folder);
  const order: string[] = [];
  const first = await inCompany(meeting);
  const wish = alone(meeting).then((lock) => {
    order.push('alone');
    return lock;
  });
  const late = inCompany(meeting).then((lock) => {
    order.push('late');
    return lock;
  });
  first[Symbol.dispose]();
  (await wish)[Symbol.dispose]();
  (await late)[Symbol.dispose]();
  expect(order).toEqual(['alone', 'late']);
});

test('Playwright begins who is alone when nobody is at work, so that no worker waits at the door', () => {
  const suites = globSync('suites/*/*.spec.ts', { cwd: projectRoot }).map((file) =>
    readFileSync(join(projectRoot, file), 'utf8'),
  );
  const details = suites.flatMap((text) => text.match(/\{ tag: [^}]*\}/g) ?? []);
  const alone = details.filter((one) => one.includes(ALONE));
  expect(alone).not.toEqual([]);
  expect(alone.filter((one) => !one.includes("lock: '-exclusive-'"))).toEqual([]);
  expect(details.filter((one) => one.includes("'-exclusive-'"))).toEqual(alone);
});
