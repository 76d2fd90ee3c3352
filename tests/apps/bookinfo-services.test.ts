import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startBookinfo } from './bookinfo.ts';
import { httpServer } from './servers.ts';

/** A limit that is meant to be reached. */
const SOON = 30;
const UNAVAILABLE = { error: 'Ratings service is currently unavailable' };

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const ratingsOf = async (reviews: { json: (path: string) => Promise<unknown> }) =>
  ((await reviews.json('/reviews/0')) as { reviews: { rating?: unknown }[] }).reviews.map(({ rating }) => rating);

describe('details', () => {
  test("has the sample's fields, for any number", async () => {
    await using details = await startBookinfo('details');
    expect(await details.json('/details/200')).toEqual({
      id: 200,
      author: 'William Shakespeare',
      year: expect.any(Number) as number,
      type: 'paperback',
      pages: expect.any(Number) as number,
      publisher: expect.any(String) as string,
      language: 'English',
      'ISBN-10': expect.stringMatching(/^\d{10}$/) as string,
      'ISBN-13': expect.stringMatching(/^\d{3}-\d{10}$/) as string,
    });
  });

  test.each(['/details/x', '/details/', '/details/-1'])('refuses %s', async (path) => {
    await using details = await startBookinfo('details');
    const answer = await details.ask(path);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'please provide numeric product id' });
  });
});

describe('ratings', () => {
  test('are 5 and 4 at first, then what was posted, for each product apart', async () => {
    await using ratings = await startBookinfo('ratings');
    const first = { id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } };
    const posted = { id: 0, ratings: { Reviewer1: 1, Reviewer2: 2 } };
    expect(await ratings.json('/ratings/0')).toEqual(first);
    expect(await ratings.json('/ratings/0', { method: 'POST', body: JSON.stringify(posted.ratings) })).toEqual(posted);
    expect(await ratings.json('/ratings/0')).toEqual(posted);
    expect(await ratings.json('/ratings/1')).toEqual({ ...first, id: 1 });
  });

  test.each([
    ['GET', '/ratings/x', undefined, 'please provide numeric product ID'],
    ['POST', '/ratings/x', '{}', 'please provide numeric product ID'],
    ['POST', '/ratings/0', 'five', 'please provide valid ratings JSON'],
    ['POST', '/ratings/0', '5', 'please provide valid ratings JSON'],
    ['POST', '/ratings/0', ' '.repeat(70_000), 'please provide valid ratings JSON'],
  ])('refuse %s %s with 400', async (method, path, body, error) => {
    await using ratings = await startBookinfo('ratings');
    const answer = await ratings.ask(path, { method, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error });
  });

  test('take neither PUT nor another path', async () => {
    await using ratings = await startBookinfo('ratings');
    const put = await ratings.ask('/ratings/0', { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect((await ratings.ask('/details/0')).status).toBe(404);
  });

  test('answer HEAD like GET, without a body', async () => {
    await using ratings = await startBookinfo('ratings');
    const head = await ratings.ask('/ratings/0', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(Number(head.headers.get('content-length'))).toBe((await ratings.text('/ratings/0')).length);
  });
});

describe('reviews', () => {
  test('v1 has two reviews, names its pod, and does not ask for ratings', async () => {
    await using ratings = await httpServer((_, response) => response.end('{}'));
    await using reviews = await startBookinfo('reviews', { backends: { ratings } });
    expect(await reviews.json('/reviews/7')).toEqual({
      id: '7',
      podname: 'reviews-v1-abc',
      clustername: 'null',
      reviews: [
        { reviewer: 'Reviewer1', text: expect.any(String) as string },
        { reviewer: 'Reviewer2', text: expect.any(String) as string },
      ],
    });
    expect(ratings.requests).toHaveLength(0);
  });

  test.each([
    ['v2', 'black'],
    ['v3', 'red'],
  ] as const)('%s adds ratings in %s', async (version, color) => {
    await using ratings = await startBookinfo('ratings');
    await using reviews = await startBookinfo('reviews', { version, backends: { ratings } });
    expect(await ratingsOf(reviews)).toEqual([
      { stars: 5, color },
      { stars: 4, color },
    ]);
  });

  test.each([
    ['fail', 500, '{"ratings":{"Reviewer1":5,"Reviewer2":4}}'],
    ['are not found', 404, ''],
    ['are not JSON', 200, 'five'],
    ['are null', 200, 'null'],
    ['have another shape', 200, '{"ratings":null}'],
  ])('say so when the ratings %s, and ask no second time', async (_, status, body) => {
    await using ratings = await httpServer((__, response) => response.writeHead(status).end(body));
    await using reviews = await startBookinfo('reviews', { version: 'v2', backends: { ratings } });
    expect(await ratingsOf(reviews)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(ratings.requests).toHaveLength(1);
  });

  test('say so for the one reviewer who is not rated', async () => {
    await using ratings = await httpServer((_, response) => response.end('{"ratings":{"Reviewer2":3}}'));
    await using reviews = await startBookinfo('reviews', { version: 'v3', backends: { ratings } });
    expect(await ratingsOf(reviews)).toEqual([UNAVAILABLE, { stars: 3, color: 'red' }]);
  });

  test('say so when nobody listens, and the log says why', async () => {
    await using reviews = await startBookinfo('reviews', { version: 'v2' });
    expect(await ratingsOf(reviews)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(
      'GET http://127.0.0.1:1/ratings/0: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  test.each([
    ['v2', { blackStars: SOON }],
    ['v3', { otherStars: SOON }],
  ] as const)('%s gives up on silent ratings after its own limit', async (version, limits) => {
    await using ratings = await httpServer(() => undefined);
    await using reviews = await startBookinfo('reviews', { version, backends: { ratings }, limits });
    expect(await ratingsOf(reviews)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/\/ratings\/0: no answer within 30 ms$/),
    );
  });

  test('give up on ratings that begin and do not end', async () => {
    await using ratings = await httpServer((_, response) => response.write('{"ratings"'));
    const limits = { blackStars: SOON };
    await using reviews = await startBookinfo('reviews', { version: 'v2', backends: { ratings }, limits });
    expect(await ratingsOf(reviews)).toEqual([UNAVAILABLE, UNAVAILABLE]);
  });

  test('take numbers only', async () => {
    await using reviews = await startBookinfo('reviews');
    expect((await reviews.ask('/reviews/x')).status).toBe(404);
  });

  test("pass the caller's end user on", async () => {
    await using ratings = await httpServer((_, response) => response.end('{}'));
    await using reviews = await startBookinfo('reviews', { version: 'v2', backends: { ratings } });
    await reviews.ask('/reviews/0', { headers: { 'end-user': 'jason', 'x-b3-sampled': '1', 'x-other': 'o' } });
    const { headers } = ratings.requests[0]?.request ?? {};
    expect(headers).toMatchObject({ 'end-user': 'jason', 'x-b3-sampled': '1' });
    expect(headers).not.toHaveProperty('x-other');
  });

  test('forget what joins the spans where they are told to', async () => {
    await using ratings = await httpServer((_, response) => response.end('{}'));
    await using reviews = await startBookinfo('reviews', { version: 'v2', backends: { ratings } });
    const trace = { 'x-b3-traceid': 'a', 'x-request-id': 'r', traceparent: 't' };
    await reviews.ask('/reviews/0', { headers: { ...trace, 'x-probe-id': 'p-1', 'x-forget-trace': 'yes' } });
    const { headers = {} } = ratings.requests[0]?.request ?? {};
    expect(headers).toMatchObject({ 'x-probe-id': 'p-1' });
    for (const name of [...Object.keys(trace), 'x-forget-trace']) expect(headers).not.toHaveProperty(name);
  });
});

describe.each(['details', 'ratings', 'reviews'] as const)('%s', (role) => {
  test('tells which ids it has seen and how many requests it served, leaving out questions about itself', async () => {
    await using service = await startBookinfo(role);
    const headers = { 'x-probe-id': 'a-1', 'x-envoy-attempt-count': '2' };
    for (const path of [`/${role}/0`, `/${role}/0`, '/health', '/seen', '/total']) await service.ask(path, { headers });
    await service.ask(`/${role}/0`);
    const ids = { 'a-1': { count: 2, attempts: [2, 2] } };
    expect(await service.json('/seen?prefix=a-')).toEqual({ ids, forgotten: 0 });
    expect(await service.json('/seen?prefix=b-')).toEqual({ ids: {}, forgotten: 0 });
    expect(await service.text('/total')).toBe('3');
  });

  test('tells which B3 headers a request came with, each time that it came', async () => {
    await using service = await startBookinfo(role);
    const b3 = { 'x-b3-traceid': 't', 'x-b3-spanid': 's', 'x-b3-parentspanid': 'p', 'x-b3-sampled': '1' };
    await service.ask(`/${role}/0`, { headers: { ...b3, 'x-probe-id': 'a-1' } });
    await service.ask(`/${role}/0`, { headers: { 'x-probe-id': 'a-1' } });
    expect(await service.json('/trail?id=a-1')).toEqual([
      { traceId: 't', spanId: 's', parentSpanId: 'p', sampled: '1' },
      { traceId: '', spanId: '', parentSpanId: '', sampled: '' },
    ]);
    expect(await service.json('/trail?id=a')).toEqual([]);
  });
});
