import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Version } from '../../apps/bookinfo/settings.ts';
import { startBookinfo } from './bookinfo.ts';
import { httpServer } from './servers.ts';

const SOON = 30;
const NO_DETAILS = 'Sorry, product details are currently unavailable for this book.';
const NO_REVIEWS = 'Sorry, product reviews are currently unavailable for this book.';
const NO_RATINGS = 'Sorry, product ratings are currently unavailable for this book.';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The whole shop, with one version of reviews. */
async function openShop(version: Version = 'v1') {
  await using opening = new AsyncDisposableStack();
  const details = opening.use(await startBookinfo('details'));
  const ratings = opening.use(await startBookinfo('ratings'));
  const reviews = opening.use(await startBookinfo('reviews', { version, backends: { ratings } }));
  const page = opening.use(await startBookinfo('productpage', { backends: { details, ratings, reviews } }));
  const shop = opening.move();
  return { details, ratings, reviews, page, [Symbol.asyncDispose]: () => shop.disposeAsync() };
}

const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
const starsOn = (markup: string) => [...markup.matchAll(/data-stars="(\d)" data-color="(\w+)"/g)].map(([all]) => all);

describe('the product page', () => {
  test('shows the book, its details and the reviews with the pod that served them', async () => {
    await using shop = await openShop();
    const answer = await shop.page.ask('/productpage');
    const markup = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(markup).toMatch(/<title>Simple Bookstore App<\/title>/);
    for (const part of ['The Comedy of Errors', 'Book Details', 'ISBN-10', 'Book Reviews', 'Reviewer1', 'Reviewer2']) {
      expect(markup).toContain(part);
    }
    expect(markup).toContain('<code id="reviews-pod">reviews-v1-abc</code>');
    expect(markup).not.toMatch(/on cluster|unavailable|Error fetching/);
  });

  test.each([
    ['v1', [], 0],
    ['v2', ['data-stars="5" data-color="black"', 'data-stars="4" data-color="black"'], 9],
    ['v3', ['data-stars="5" data-color="red"', 'data-stars="4" data-color="red"'], 9],
  ] as const)('with reviews %s has the stars %j', async (version, stars, glyphs) => {
    await using shop = await openShop(version);
    const markup = await shop.page.text('/productpage');
    expect(starsOn(markup)).toEqual(stars);
    const color = version === 'v3' ? 'red' : 'black';
    expect(markup.split(`<span class="star" style="color:${color}">`)).toHaveLength(glyphs + 1);
    expect(markup).not.toContain('unavailable');
  });

  test('labels the stars for those who do not see them', async () => {
    await using shop = await openShop('v3');
    expect(await shop.page.text('/productpage')).toContain('role="img" aria-label="4 of 5 stars, red"');
  });

  test('says in each review that ratings are unavailable, and still shows it', async () => {
    await using reviews = await startBookinfo('reviews', { version: 'v2' });
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    const markup = await page.text('/productpage');
    expect(markup.split('Ratings service is currently unavailable')).toHaveLength(3);
    expect(markup).toContain('Book Reviews');
    expect(starsOn(markup)).toEqual([]);
  });

  test('is a 200 that says what is missing when no service answers', async () => {
    await using page = await startBookinfo('productpage');
    const answer = await page.ask('/productpage');
    const markup = await answer.text();
    expect(answer.status).toBe(200);
    for (const part of ['Error fetching product details', NO_DETAILS, 'Error fetching product reviews', NO_REVIEWS]) {
      expect(markup).toContain(part);
    }
    expect(markup).not.toMatch(/Book Details|Book Reviews/);
  });

  test('names the cluster where it has a name', async () => {
    await using reviews = await startBookinfo('reviews', { cluster: 'north' });
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    expect(await page.text('/productpage')).toContain('on cluster north');
  });

  test('shows what a back end sends as text, whatever it is', async () => {
    const rating = { stars: 99, color: 'red;background:url(x)' };
    const review = { reviewer: '<script>', text: `"a" & 'b'`, rating };
    const body = JSON.stringify({ podname: '<b>', clustername: 'null', reviews: [review, 5, null] });
    await using reviews = await httpServer((_, response) => response.end(body));
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    const markup = await page.text('/productpage');
    expect(markup).not.toMatch(/<script>|<b>\W|url\(x\)/);
    expect(markup).toContain('&#60;script&#62;');
    expect(markup).toContain('&#34;a&#34; &#38; &#39;b&#39;');
    expect(starsOn(markup)).toEqual(['data-stars="5" data-color="black"']);
  });

  test('links to a front page and a style sheet of its own', async () => {
    await using page = await startBookinfo('productpage');
    expect(await page.text('/')).toContain('href="/productpage"');
    expect(await page.text('/index.html')).toBe(await page.text('/'));
    const style = await page.ask('/static/bookstore.css');
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await page.text('/productpage')).toContain('href="/static/bookstore.css"');
    expect((await page.ask('/static/other.css')).status).toBe(404);
  });
});

describe('the limits of the product page', () => {
  test('silent reviews are tried exactly twice, silent details once', async () => {
    await using silent = await httpServer(() => undefined);
    const backends = { details: silent, reviews: silent };
    await using page = await startBookinfo('productpage', { backends, limits: { page: SOON } });
    const markup = await page.text('/productpage');
    // From the page's own log: on a busy machine a try may be over before it arrives.
    const tries = vi.mocked(console.error).mock.calls.map(([line]) => String(line).replace(silent.url, '/'));
    const reviewsTry = `GET /reviews/0: no answer within ${SOON} ms`;
    expect(tries).toEqual([`GET /details/0: no answer within ${SOON} ms`, reviewsTry, reviewsTry]);
    expect(markup).toContain(NO_DETAILS);
    expect(markup).toContain(NO_REVIEWS);
  });

  test.each([500, 503, 504, 404])(
    'reviews that answer %d are tried exactly twice, and the API repeats it',
    async (status) => {
      await using reviews = await httpServer((_, response) => response.writeHead(status).end());
      await using page = await startBookinfo('productpage', { backends: { reviews } });
      const answer = await page.ask('/api/v1/products/0/reviews');
      expect(answer.status).toBe(status);
      expect(await answer.json()).toEqual({ error: NO_REVIEWS });
      expect(reviews.requests).toHaveLength(2);
    },
  );

  test('reviews that answer the second time are shown', async () => {
    await using reviews = await httpServer((_, response) => {
      response.writeHead(reviews.requests.length === 1 ? 503 : 200).end('{"podname":"second","reviews":[]}');
    });
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    expect(await page.text('/productpage')).toContain('<code id="reviews-pod">second</code>');
    expect(reviews.requests).toHaveLength(2);
  });

  test('reviews that answer are asked once', async () => {
    await using reviews = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    await page.ask('/productpage');
    expect(reviews.requests).toHaveLength(1);
  });

  test('each request has a connection of its own', async () => {
    await using reviews = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    for (let n = 0; n < 3; n += 1) await page.ask('/productpage');
    expect(reviews.connections()).toBe(3);
  });
});

describe('signing in', () => {
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  test('sets a session cookie, goes back, and makes the end-user header', async () => {
    await using reviews = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    const referer = new URL('/productpage?u=normal', page.url).href;
    const signIn = await page.ask('/login', { ...form({ username: 'jason', passwd: 'any' }), headers: { referer } });
    expect([signIn.status, signIn.headers.get('location')]).toEqual([302, referer]);
    const cookie = cookieOf(signIn);
    const markup = await page.text('/productpage', { headers: { cookie } });
    expect(markup).toContain('Signed in as <strong id="user">jason</strong>');
    expect(reviews.requests[0]?.request.headers).toMatchObject({ 'end-user': 'jason', cookie });
  });

  test('without it, there is a form, and no end user, even where the caller claims to be one', async () => {
    await using reviews = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { reviews } });
    const headers = { 'end-user': 'jason', cookie: 'other=1; session=%%%' };
    expect(await page.text('/productpage', { headers })).toContain('action="/login"');
    expect(reviews.requests[0]?.request.headers).not.toHaveProperty('end-user');
  });

  test('signing out empties the cookie', async () => {
    await using page = await startBookinfo('productpage');
    const answer = await page.ask('/logout', { headers: { referer: 'http://elsewhere.example/' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/productpage']);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^session=; .*Max-Age=0/);
  });

  test.each(['', '  ', 'two\nlines', 'ü', 'x'.repeat(65)])('refuses the name %j', async (username) => {
    await using page = await startBookinfo('productpage');
    const answer = await page.ask('/login', form({ username }));
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('is a POST', async () => {
    await using page = await startBookinfo('productpage');
    expect((await page.ask('/login')).status).toBe(405);
  });

  test('the name is escaped', async () => {
    await using page = await startBookinfo('productpage');
    const cookie = cookieOf(await page.ask('/login', form({ username: '<i>jason' })));
    expect(await page.text('/productpage', { headers: { cookie } })).toContain('&#60;i&#62;jason');
  });
});

describe('headers', () => {
  test.each([
    'x-request-id',
    'x-b3-traceid',
    'x-b3-spanid',
    'x-b3-parentspanid',
    'x-b3-sampled',
    'x-b3-flags',
    'b3',
    'traceparent',
    'tracestate',
    'x-ot-span-context',
    'x-datadog-trace-id',
    'x-datadog-parent-id',
    'x-datadog-sampling-priority',
    'x-cloud-trace-context',
    'grpc-trace-bin',
    'sw8',
    'user-agent',
    'cookie',
    'authorization',
    'jwt',
    'x-probe-id',
  ])('%s is passed on to details and reviews', async (name) => {
    await using backend = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { details: backend, reviews: backend } });
    await page.ask('/productpage', { headers: { [name]: 'as=it-is' } });
    expect(backend.requests.map(({ request }) => request.headers[name])).toEqual(['as=it-is', 'as=it-is']);
  });

  test('no other one is', async () => {
    await using details = await httpServer((_, response) => response.end('{}'));
    await using page = await startBookinfo('productpage', { backends: { details } });
    await page.ask('/productpage', { headers: { 'app-ver': 'v3', 'x-envoy-attempt-count': '1' } });
    const names = Object.keys(details.requests[0]?.request.headers ?? {}).toSorted();
    expect(names).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  test('a request is found again, by its id, in every service behind the page', async () => {
    await using shop = await openShop('v2');
    await shop.page.ask('/productpage', { headers: { 'x-probe-id': 'p-1' } });
    for (const service of [shop.page, shop.details, shop.reviews, shop.ratings]) {
      expect(await service.json('/seen')).toMatchObject({ ids: { 'p-1': { count: 1 } } });
    }
  });
});

describe('the API', () => {
  test('lists the products', async () => {
    await using page = await startBookinfo('productpage');
    const descriptionHtml = expect.any(String) as string;
    expect(await page.json('/api/v1/products')).toEqual([{ id: 0, title: 'The Comedy of Errors', descriptionHtml }]);
  });

  test.each([
    ['/api/v1/products/200', { id: 200, author: 'William Shakespeare' }],
    ['/api/v1/products/200/reviews', { id: '200', podname: 'reviews-v3-abc' }],
    ['/api/v1/products/200/ratings', { id: 200, ratings: { Reviewer1: 5, Reviewer2: 4 } }],
  ])('%s is what the service answers', async (path, body) => {
    await using shop = await openShop('v3');
    const answer = await shop.page.ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toMatchObject(body);
  });

  test.each([
    ['/api/v1/products/0', NO_DETAILS],
    ['/api/v1/products/0/reviews', NO_REVIEWS],
    ['/api/v1/products/0/ratings', NO_RATINGS],
  ])('%s is 500 with a sentence when nobody answers', async (path, error) => {
    await using page = await startBookinfo('productpage');
    const answer = await page.ask(path);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error });
  });

  test('a product without a number is refused by details, and so by the API', async () => {
    await using shop = await openShop();
    const answer = await shop.page.ask('/api/v1/products/comedy');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: NO_DETAILS });
  });
});
