import type { Server } from 'node:http';
import { detailsRoutes } from './details.ts';
import { Ledger } from '../common/ledger.ts';
import { LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { productpageRoutes } from './productpage.ts';
import { ratingsRoutes } from './ratings.ts';
import { json, text } from './reply.ts';
import { reviewsRoutes } from './reviews.ts';
import { createRouter } from './router.ts';
import type { Route } from './router.ts';
import type { Settings } from './settings.ts';
import { Trail } from './trail.ts';

/** Paths that ask about the app rather than use it: neither counted nor remembered. */
const UNCOUNTED = new Set(['/health', '/seen', '/total', '/trail']);

export function createBookinfo(settings: Settings, limits = LIMITS, ledger = new Ledger()): Server {
  const trail = new Trail();
  return createRouter([...routesOf(settings, limits), ...ledgerRoutes(ledger, trail)], {
    arrived: ({ headers }, path) => {
      const id = headers['x-probe-id'];
      if (UNCOUNTED.has(path) || typeof id !== 'string') return;
      ledger.arrive(id, String(headers['x-envoy-attempt-count'] ?? ''));
      trail.arrive(id, headers);
    },
    // An answer that nobody waits for any more was not served.
    answering: ({ socket }, path) => {
      if (!UNCOUNTED.has(path) && !socket.destroyed) ledger.serve();
    },
  });
}

function routesOf(settings: Settings, limits: Limits): Route[] {
  switch (settings.role) {
    case 'productpage':
      return productpageRoutes(settings, limits);
    case 'details':
      return detailsRoutes();
    case 'reviews':
      return reviewsRoutes(settings, limits);
    case 'ratings':
      return ratingsRoutes();
  }
}

function ledgerRoutes(ledger: Ledger, trail: Trail): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/seen$/,
      reply: ({ url }) => json(200, ledger.seen(url.searchParams.get('prefix') ?? '')),
    },
    { method: 'GET', path: /^\/total$/, reply: () => text(200, String(ledger.total)) },
    { method: 'GET', path: /^\/trail$/, reply: ({ url }) => json(200, trail.of(url.searchParams.get('id') ?? '')) },
  ];
}
