import type { IncomingMessage } from 'node:http';
import { askBackend } from './backend.ts';
import type { BackendAnswer } from './backend.ts';
import { readBody } from './body.ts';
import { COMEDY, PRODUCTS } from './catalogue.ts';
import type { Limits } from './limits.ts';
import { DETAILS_UNAVAILABLE, RATINGS_UNAVAILABLE, REVIEWS_UNAVAILABLE, frontPage, productPage } from './pages.ts';
import { passedOn } from './passed-on.ts';
import { json, page, redirect, stylesheet, text } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Route } from './router.ts';
import { SIGNED_OUT, readName, signedIn, userOf } from './session.ts';
import type { Backend, Settings } from './settings.ts';
import { STYLE } from './style.ts';

/** Asks one back end about one product, in the name of the caller. */
type Ask = (backend: Backend, id: string, caller: IncomingMessage) => Promise<BackendAnswer>;

export function productpageRoutes(settings: Settings, limits: Limits): Route[] {
  const ask: Ask = (backend, id, { headers }) =>
    askBackend(
      `${settings.backends[backend]}/${backend}/${id}`,
      passedOn(headers, userOf(headers.cookie)),
      limits.page,
    );
  return [...pageRoutes(settings, ask), ...apiRoutes(ask)];
}

function pageRoutes(settings: Settings, ask: Ask): Route[] {
  return [
    { method: 'GET', path: /^\/(?:index\.html)?$/, reply: () => page(200, frontPage(settings)) },
    { method: 'GET', path: /^\/productpage$/, reply: ({ request }) => showProduct(request, ask) },
    { method: 'GET', path: /^\/health$/, reply: () => text(200, 'Product page is healthy') },
    { method: 'GET', path: /^\/static\/bookstore\.css$/, reply: () => stylesheet(STYLE) },
    { method: 'POST', path: /^\/login$/, reply: ({ request }) => signIn(request) },
    { method: 'GET', path: /^\/logout$/, reply: ({ request }) => redirect(wayBack(request), SIGNED_OUT) },
  ];
}

function apiRoutes(ask: Ask): Route[] {
  const products = '/api/v1/products';
  return [
    { method: 'GET', path: new RegExp(`^${products}$`), reply: () => json(200, PRODUCTS) },
    {
      method: 'GET',
      path: new RegExp(`^${products}/([^/]+)$`),
      reply: async ({ argument, request }) => relayed(await ask('details', argument, request), DETAILS_UNAVAILABLE),
    },
    {
      method: 'GET',
      path: new RegExp(`^${products}/([^/]+)/reviews$`),
      reply: async ({ argument, request }) => relayed(await askReviews(ask, argument, request), REVIEWS_UNAVAILABLE),
    },
    {
      method: 'GET',
      path: new RegExp(`^${products}/([^/]+)/ratings$`),
      reply: async ({ argument, request }) => relayed(await ask('ratings', argument, request), RATINGS_UNAVAILABLE),
    },
  ];
}

/** The page itself is always a 200: what it could not get, it says. */
async function showProduct(request: IncomingMessage, ask: Ask): Promise<Reply> {
  const id = String(COMEDY.id);
  // One after the other, as in the sample.
  const details = await ask('details', id, request);
  const reviews = await askReviews(ask, id, request);
  return page(200, productPage({ user: userOf(request.headers.cookie), product: COMEDY, details, reviews }));
}

/** Asks a second time, once, whatever the first failure was: with the limit of each try, 6 s in all. */
async function askReviews(ask: Ask, id: string, request: IncomingMessage): Promise<BackendAnswer> {
  const first = await ask('reviews', id, request);
  return first.status === 200 ? first : ask('reviews', id, request);
}

function relayed({ status, body }: BackendAnswer, unavailable: string): Reply {
  return json(status, status === 200 ? body : { error: unavailable });
}

async function signIn(request: IncomingMessage): Promise<Reply> {
  const form = new URLSearchParams((await readBody(request)) ?? '');
  const name = readName(form.get('username'));
  if (name === undefined) return text(400, 'Sign in with a username of 1 to 64 printable ASCII characters.');
  return redirect(wayBack(request), signedIn(name));
}

/** The page that the caller came from, if it is one of ours. */
function wayBack({ headers }: IncomingMessage): string {
  const referer = headers.referer ?? '';
  return URL.parse(referer)?.host === headers.host ? referer : '/productpage';
}
