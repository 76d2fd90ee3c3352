import { describe, expect, test } from 'vitest';
import { flawsOfTree, treeInWords } from '../../mesh/judge/trace-tree.ts';
import { changed, hops, sent, trail, whole, without } from '../trace/bookinfo-trace.ts';

const flaws = (spans = whole, told = trail) => flawsOfTree(spans, sent, hops, told);

describe('the tree of a trace', () => {
  test('holds where every service is asked once, by whom it should be', () => {
    expect(flaws()).toEqual([]);
    expect(flaws(whole, new Map())).toEqual([]);
  });

  test('holds where the gateway has a span for each side', () => {
    const entry = whole
      .filter(({ service }) => service.startsWith('ingress'))
      .map((span) => ({ ...span, id: 'e'.repeat(16), kind: 'server' as const }));
    expect(flaws([...entry, ...changed(1, { parentId: 'e'.repeat(16) })])).toEqual([]);
  });

  test('lasts as long as what is held up in it', () => {
    const waiting = { hop: ['reviews', 'ratings'], millis: 1000 } as const;
    const late = whole.map((span) => ({ ...span, micros: span.micros + 1_000_000 }));
    expect(flawsOfTree(late, sent, hops, trail, waiting)).toEqual([]);
    const prompt = flawsOfTree(whole, sent, hops, trail, waiting);
    expect(prompt[0]).toMatch(
      /^the client span of reviews took \d+\.\d ms, although reviews waits 1000 ms for ratings$/,
    );
    expect(prompt.length).toBeGreaterThan(3);
  });

  test('is nothing without a span', () => {
    expect(flaws([])).toEqual(['there is no trace of the id that was sent']);
  });

  test('breaks where a service passes nothing on: what it asked was told another trace', () => {
    const stray = { traceId: 'c'.repeat(32), spanId: '', parentSpanId: '', sampled: '1' };
    const told = new Map([...trail, ['ratings', [stray]] as const]);
    expect(flaws(without(7, 8), told)).toEqual([
      `the chain breaks at reviews: ratings was asked under another trace id (${'c'.repeat(32)}), so that reviews did not pass the B3 headers on`,
    ]);
    expect(flaws(without(7, 8))).toEqual(['the chain breaks at reviews: ratings has no span in it']);
    expect(flaws(without(1))).toEqual(['ingress has no span in it']);
  });

  test.each([
    [
      'the first span has another parent',
      changed(1, { parentId: 'd'.repeat(16) }),
      `the span of ingress has ${'d'.repeat(16)} as its parent, and not the ${sent.spanId} that was sent`,
    ],
    [
      'a parent is another service',
      changed(8, { parentId: '0000000000000005' }),
      'the span of ratings has one of productpage as its parent, and not of reviews',
    ],
    ['a parent is missing', without(7), 'the span of ratings has a parent that is not in it'],
    [
      'a call hangs on nothing',
      changed(7, { parentId: '0000000000000003' }),
      'reviews was entered 2 times, and not once',
    ],
    [
      'a side is wrong',
      changed(6, { kind: 'client' }),
      'the span with which reviews is asked is of kind client, and not server',
    ],
    [
      'somebody else is in it',
      [...whole, { ...whole[7], id: 'f'.repeat(16), service: 'kubia.istio-e2e-w0' }] as typeof whole,
      'kubia has a span in it, and was not to be asked',
    ],
    [
      'somebody is asked who writes no spans',
      [...whole, { ...whole[2], id: 'e'.repeat(16) }] as typeof whole,
      'productpage asked somebody who has no span in it',
    ],
    [
      'a span is earlier than its parent',
      changed(8, { start: (whole[6]?.start ?? 0) - 101_000, micros: 102_000 }),
      'a span of ratings begins 101.0 ms before its parent at reviews',
    ],
    [
      'a span is later than its parent',
      changed(8, { micros: 190_500 }),
      'a span of ratings ends 100.5 ms after its parent at reviews',
    ],
  ])('is wrong where %s', (_, spans, first) => {
    expect(flaws(spans)[0]).toBe(first);
  });

  test('gives the clocks a tenth of a second', () => {
    expect(flaws(changed(8, { micros: 189_000 }))).toEqual([]);
  });

  test('is what the apps were told, too', () => {
    const [told] = trail.get('details') ?? [];
    if (told === undefined) throw new Error('details is in the trail');
    const having = (...footprints: readonly (typeof told)[]) => flaws(whole, new Map([['details', footprints]]));
    expect(having({ ...told, sampled: '' })).toEqual(['details was sent x-b3-sampled nothing, and not 1']);
    expect(having({ ...told, spanId: 'f' })).toEqual(['details was sent x-b3-spanid f, and not 0000000000000004']);
    expect(having()).toEqual(['details itself did not see the request']);
    expect(having(told, told)).toEqual(['details itself saw the request 2 times, and not once']);
  });

  test('is told a line for each span, below its parent', () => {
    expect(treeInWords(without(5, 6, 7, 8))).toEqual([
      'ingress client 400.0 ms (+0.0 ms)',
      '  productpage server 380.0 ms (+10.0 ms)',
      '    productpage client 60.0 ms (+20.0 ms)',
      '      details server 40.0 ms (+30.0 ms)',
    ]);
    expect(treeInWords([])).toEqual([]);
  });
});
