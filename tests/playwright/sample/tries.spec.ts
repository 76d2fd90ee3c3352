import { expect } from '../../../fixtures/expect.ts';
import { failed, from, tallyOf, unresolved } from '../../judge/samples.ts';
import { answering, numbers, remembering } from './asked.ts';
import { asked, told } from './told.ts';

const taking = (millis: number, version = 'v3') => answering(tallyOf([40, from(version)]), { millis });
const prompt = taking(6, 'v4');
const threeSeconds = { by: 3000, version: 'v3' };

told('toLagBehind: good', () => expect(taking(3006)).toLagBehind(prompt, threeSeconds));
told(
  'toLagBehind: not at all',
  () => expect(taking(7)).toLagBehind(prompt, threeSeconds),
  `caller to nodebook: 40 of 40 requests were answered before 3000 ms had passed, the first after 7 ms
  expected: 200 from v3, the fastest 3000 to 3300 ms later than its twin (caller to nodebook)
  seen: 40 x 200 from v3
  the fastest request took 7 ms, the twin's 6 ms
  the middle request took 7 ms, the twin's 6 ms, at most 4500 ms more are believable
  the twin was held up for 0 ms at the most
${asked(40)}`,
);
told(
  'toLagBehind: a little too long',
  () => expect(taking(3310)).toLagBehind(prompt, threeSeconds),
  'caller to nodebook: even the fastest 3304 ms later than its twin, and not 3000 ms',
);
told(
  'toLagBehind: although nothing should',
  () => expect(taking(3006)).toLagBehind(prompt, { by: 0 }),
  'caller to nodebook: even the fastest 3000 ms later than its twin, and not 0 ms',
);
told(
  'toLagBehind: as its twin does',
  () => expect(taking(3006)).toLagBehind(taking(3001), threeSeconds),
  'caller to nodebook: even the fastest 5 ms later than its twin, and not 3000 ms',
);
told(
  'toLagBehind: with another answer',
  () => expect(taking(1006)).toLagBehind(prompt, { by: 1000, status: 504 }),
  'caller to nodebook: 40 of 40 requests did not come to 504',
);
told(
  'toLagBehind: a twin that fails',
  () => expect(taking(3006)).toLagBehind(answering(tallyOf([40, failed(503)])), threeSeconds),
  'caller to nodebook: there is nothing to compare with: 40 of 40 requests of the twin failed',
);
told(
  'toLagBehind: a twin whose name nobody resolves',
  () => expect(taking(3006)).toLagBehind(answering(tallyOf([40, unresolved])), threeSeconds),
  'caller to nodebook: DNS gave no answer for the name of caller to nodebook [suspect: the environment]',
);

const failing = answering(tallyOf([66, failed(503, 'v3 answers 503')]));
const at3 = (times: number, upTo = 66) => remembering('nodebook v3', numbers(1, upTo), times);

told('toBeTried: good', () => expect(failing).toBeTried(3, { at: [at3(3)], status: 503 }));
told(
  'toBeTried: only once',
  () => expect(failing).toBeTried(3, { at: [at3(1)], status: 503 }),
  `caller to nodebook: requests were not tried 3 times at nodebook v3: 66 once
  expected: every request 3 times at nodebook v3, and 503 in the end
  seen: 66 x 503 "v3 answers 503"
  arrived at nodebook v3: 66 once
${asked(66)}`,
);
told(
  'toBeTried: one of them elsewhere',
  () => expect(failing).toBeTried(1, { at: [at3(1, 65)], status: 503 }),
  'caller to nodebook: requests were not tried once at nodebook v3: 1 never, 65 once',
);
told(
  'toBeTried: also what nobody sent',
  () => expect(failing).toBeTried(1, { at: [at3(1, 67)], status: 503 }),
  'caller to nodebook: requests were not tried once at nodebook v3: 66 once',
);
told(
  'toBeTried: with another answer',
  () => expect(failing).toBeTried(1, { at: [at3(1)], status: 200 }),
  'caller to nodebook: 66 of 66 requests did not come to 200',
);

const byV3 = answering(tallyOf([100, from('v3')]));
const v3 = remembering('nodebook v3', numbers(1, 100));
const v4 = (upTo: number, times = 1) => remembering('nodebook v4', numbers(1, upTo), times);

told('toBeMirrored: good', () => expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: v4(100) }));
told(
  'toBeMirrored: one was not',
  () => expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: v4(99) }),
  `caller to nodebook: 99 of 100 requests were copied to nodebook v4, and not 100 %
  expected: only v3, each once, and 100 of 100 at nodebook v4, each once, then nothing for a second
  seen: 100 x 200 from v3
  copied to nodebook v4: 99; at nodebook v3: 100 once
${asked(100)}`,
);
told(
  'toBeMirrored: twice',
  () => expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: v4(100, 2) }),
  'caller to nodebook: 100 requests arrived more than once at nodebook v4',
);
told(
  'toBeMirrored: although nothing should be',
  () => expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: v4(1), share: 0 }),
  'caller to nodebook: 1 of 100 requests were copied to nodebook v4, and not 0 %',
);
told(
  'toBeMirrored: of what nobody sent',
  () => expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: v4(101) }),
  'caller to nodebook: 1 copies arrived at nodebook v4 of requests that nobody sent',
);
told(
  'toBeMirrored: and the caller served by it',
  () => {
    const question = answering(tallyOf([99, from('v3')], [1, from('v4')]));
    return expect(question).toBeMirrored({ from: v3, version: 'v3', to: v4(100) });
  },
  'caller to nodebook: 1 of 100 requests were not served by v3',
);
told(
  'toBeMirrored: back to where it came from',
  () => {
    const from = remembering('nodebook v3', numbers(1, 100), 2);
    return expect(byV3).toBeMirrored({ from, version: 'v3', to: v4(0) });
  },
  'caller to nodebook: requests did not arrive once at nodebook v3: 100 2 times',
);

const door = (...counts: readonly number[]) => {
  const left = [...counts];
  return { host: 'nobody.example.com', knocks: () => Promise.resolve(left.shift() ?? 0) };
};
const refused = failed(503, 'upstream connect error or disconnect/reset before headers.');
const inVain = answering(tallyOf([10, refused]));

told('toKnockInVain: good', () => expect(inVain).toKnockInVain(3, door(7, 37)));
told(
  'toKnockInVain: once',
  () => expect(inVain).toKnockInVain(3, door(7, 17)),
  `caller to nodebook: 10 requests made 10 connections to nobody.example.com, and not 30
  expected: 503 after 3 times trying to connect to nobody.example.com, 30 connections in all
  seen: 10 x 503 "upstream connect error or disconnect/reset before headers."
${asked(10)}`,
);
told(
  'toKnockInVain: once too often',
  () => expect(inVain).toKnockInVain(3, door(7, 38)),
  'caller to nodebook: 10 requests made 31 connections to nobody.example.com, and not 30',
);
told(
  'toKnockInVain: and somebody answers',
  () => expect(answering(tallyOf([9, refused], [1, from('v3')]))).toKnockInVain(3, door(7, 37)),
  'caller to nodebook: 1 of 10 requests did not come to 503',
);
