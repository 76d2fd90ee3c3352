import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  beginEvidence,
  DIGESTS,
  digestOf,
  END_FILE,
  endEvidence,
  record,
  type VerdictRecord,
} from '../../mesh/evidence/record.ts';
import { findEvidence, recordsIn, replay } from '../../mesh/evidence/replay.ts';
import { count, renderReplay } from '../../mesh/evidence/replay-table.ts';
import { sureness } from '../../mesh/evidence/sure.ts';
import { take } from '../../mesh/verdict/take.ts';
import { scratch } from '../fakes/scratch.ts';
import { from, tallyOf } from '../judge/samples.ts';

const about = {
  run: '20261121000000-1',
  istio: '1.31.1',
  kubernetes: '1.36.0',
  provider: 'kind',
  upstreamEnvoy: true,
  node: 'v24',
};

/** A run with a green verdict and a red one, about a question that carries a token. */
async function evidence() {
  const folder = await scratch();
  const path = folder.at('evidence');
  beginEvidence(path, about);
  const occasion = { folder: path, name: 'T05-half', scenarios: ['T05'], test: 'half.spec.ts: half' };
  const asking = { asked: 135, seconds: 1, inForce: [], version: 'v1', leak: 0.05 };
  const question = 'caller to kubia with eyJhbGciOiJSUzI1NiJ9.abc.def';
  record(take('toServeOnly', { ...asking, question, tally: tallyOf([135, from('v1')]) }), occasion);
  record(take('toServeOnly', { ...asking, question, tally: tallyOf([134, from('v1')], [1, from('v2')]) }), occasion);
  endEvidence(path);
  return { folder, path, red: `${path}/T05-half/02-toServeOnly.json` };
}

const fates = (path: string) => replay(path).map(({ fate, why }) => (why === '' ? fate : `${fate}: ${why}`));

/** Writes a file anew, its digest too, and the end. */
async function forge(path: string, file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, change(text));
  const digests = await readFile(`${path}/${DIGESTS}`, 'utf8');
  await writeFile(`${path}/${DIGESTS}`, digests.replace(digestOf(text), digestOf(change(text))));
  await rm(`${path}/${END_FILE}`);
  endEvidence(path);
}

test('a green and a red verdict are the same again, without a token, from the report and from its folder', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  expect(findEvidence(folder.path)).toBe(path);
  expect(findEvidence(path)).toBe(path);
  expect(fates(path)).toEqual(['agrees', 'agrees']);
  expect(await readFile(red, 'utf8')).toContain(
    'caller to kubia with <token>: 1 of 135 requests were not served by v1',
  );
  expect(renderReplay(replay(path))).toBe(`| scenario | assertion | verdicts | green | red | agree |
|---|---|--:|--:|--:|--:|
| T05 | toServeOnly | 2 | 1 | 1 | 2 |

2 of 2 verdicts agree (1 green, 1 red)
`);
});

test('a changed byte is noticed', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  await appendFile(red, ' ');
  expect(fates(path)).toEqual(['agrees', `changed: its bytes are not those of ${DIGESTS}`]);
  expect(count(replay(path))).toBe('1 of 2 verdicts agree (1 green, 0 red), 1 changed');
});

test('so is one in what tells of the run, a file that is gone, and one that nobody listed', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  await appendFile(`${path}/run.json`, ' ');
  await rename(red, `${path}/T05-half/03-toServeOnly.json`);
  expect(replay(path).map(({ file, fate }) => `${fate} ${file}`)).toEqual([
    'changed run.json',
    'agrees T05-half/01-toServeOnly.json',
    'missing T05-half/02-toServeOnly.json',
    'not listed T05-half/03-toServeOnly.json',
  ]);
});

test('what is gone together with its digest is missed', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  const digests = await readFile(`${path}/${DIGESTS}`, 'utf8');
  await writeFile(`${path}/${DIGESTS}`, digests.split('\n').toSpliced(2, 1).join('\n'));
  await rm(red);
  expect(fates(path)).toEqual(['agrees', 'changed: it has 2 lines, and at the end of the run there were 3']);
  await writeFile(`${path}/${DIGESTS}`, digests.split('\n').toSpliced(0, 1).join('\n'));
  expect(fates(path)).toContain(`missing: ${DIGESTS} does not name it`);
});

test('a run that was cut off agrees as far as it came, and is incomplete', async () => {
  const { folder, path } = await evidence();
  await using _ = folder;
  await rm(`${path}/${END_FILE}`);
  expect(replay(path).map(({ fate }) => fate)).toEqual(['agrees', 'agrees', 'incomplete']);
  expect(count(replay(path))).toBe('2 of 2 verdicts agree (1 green, 1 red), 1 incomplete');
});

test('whichever byte of the end is another, it is noticed', async () => {
  const { folder, path } = await evidence();
  await using _ = folder;
  const whole = await readFile(`${path}/${END_FILE}`);
  for (const [at, byte] of whole.entries()) {
    await writeFile(`${path}/${END_FILE}`, whole.with(at, byte ^ 1));
    const fates = replay(path).map(({ fate }) => fate);
    expect({ at, fates }).toEqual({ at, fates: ['agrees', 'agrees', expect.stringMatching(/changed|unreadable/)] });
  }
});

test.each([
  ['one more line', (end: string) => `${end}\n`, `changed: its bytes are not those that ${DIGESTS} asks for`],
  [
    'another count',
    (end: string) => end.replace('3', '4'),
    `changed: its bytes are not those that ${DIGESTS} asks for`,
  ],
  ['half of it', (end: string) => end.slice(0, 40), /^unreadable: .*JSON/],
  ['nothing in it', () => '', /^unreadable: .*JSON/],
  ['another schema', (end: string) => end.replace('1', '9'), 'unreadable: it is of another form'],
])('an end with %s is told as such', async (_, change, why) => {
  const { folder, path } = await evidence();
  await using _folder = folder;
  const file = `${path}/${END_FILE}`;
  await writeFile(file, change(await readFile(file, 'utf8')));
  expect(replay(path).at(-1)?.file).toBe(END_FILE);
  expect(fates(path).at(-1)).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
});

test('an end that is no file is unreadable', async () => {
  const { folder, path } = await evidence();
  await using _ = folder;
  await rm(`${path}/${END_FILE}`);
  await mkdir(`${path}/${END_FILE}`);
  expect(fates(path)).toEqual(['agrees', 'agrees', expect.stringMatching(/^unreadable: EISDIR/)]);
});

test('chances that come out otherwise are no agreement', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  await forge(path, red, (text) => text.replace(/"falseAlarm": 0/, '"falseAlarm": 0.5'));
  expect(fates(path)[1]).toBe('disagrees: its chances of a false alarm and a miss come out otherwise now');
});

test('a verdict that comes out otherwise is told with both', async () => {
  const { folder, path, red } = await evidence();
  await using _ = folder;
  await forge(path, red, (text) => text.replace('"count": 134', '"count": 133'));
  const [, second] = replay(path);
  expect(second?.fate).toBe('disagrees');
  expect(second?.why).toMatch(/^then red ".* 1 of 135 requests .*"; now red ".* 2 of 135 requests .*"$/);
});

test.each([
  ['another schema', '"schema": 1', '"schema": 9', 'unreadable: schema 9 is not known here, only 1'],
  ['another judge', '"judge": "toServeOnly"', '"judge": "toGuess"', 'unreadable: nobody judges toGuess here'],
  ['half a file', '"schema": 1', '', /^unreadable: Expected/],
])('%s is said to be unreadable', async (_, was, is, why) => {
  const { folder, path, red } = await evidence();
  await using _folder = folder;
  await forge(path, red, (text) => text.replace(was, is));
  expect(fates(path)[1]).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
});

test('a folder without evidence is an error of usage that says what is wrong', async () => {
  await using folder = await scratch();
  expect(() => findEvidence(folder.at('nowhere'))).toThrow(/no such folder \[NO_EVIDENCE\]/);
  expect(() => findEvidence(folder.path)).toThrow(/no SHA256SUMS in it \[NO_EVIDENCE\]/);
});

test('how sure a run is: each assertion, and all together', async () => {
  const { folder, path } = await evidence();
  await using _ = folder;
  const { rows, words } = sureness(recordsIn(path));
  expect(rows).toEqual([['T05 toServeOnly', '2', '135', '0', '5 % come to something else: 980 in 1,000,000']]);
  expect(words).toBe('No right mesh turns this run red by chance: none of 2 verdicts rests on a draw that can.');
  await rm(path, { recursive: true });
  expect(recordsIn(path)).toEqual([]);
});

test('the chance of a red run is a bound, and rounded up', () => {
  const drawn: Partial<VerdictRecord> = {
    scenarios: ['T05'],
    judge: 'toSplitTraffic',
    chances: { falseAlarm: 11.49e-6, misses: [] },
    input: { asked: 1 },
  };
  const { words } = sureness([drawn as VerdictRecord]);
  expect(words).toContain('is at most 12 in 1,000,000: 1 of 1 verdicts rest on a draw that can.');
});
