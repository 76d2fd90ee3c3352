import { json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Route } from './router.ts';

/** Field names and types are the sample's; the edition is made up, its numbers are free ones. */
const EDITION = {
  author: 'William Shakespeare',
  year: 1594,
  type: 'paperback',
  pages: 112,
  publisher: 'Ephesus Press',
  language: 'English',
  'ISBN-10': '0000000000',
  'ISBN-13': '978-0000000002',
};

export function detailsRoutes(): Route[] {
  return [
    { method: 'GET', path: /^\/health$/, reply: () => json(200, { status: 'Details is healthy' }) },
    { method: 'GET', path: /^\/details\/([^/]*)$/, reply: ({ argument }) => detailsOf(argument) },
  ];
}

function detailsOf(id: string): Reply {
  if (!/^\d{1,9}$/.test(id)) return json(400, { error: 'please provide numeric product id' });
  return json(200, { id: Number(id), ...EDITION });
}
