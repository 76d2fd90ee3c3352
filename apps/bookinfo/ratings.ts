import type { IncomingMessage } from 'node:http';
import { readBody } from './body.ts';
import { json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Route } from './router.ts';

const AT_FIRST = { Reviewer1: 5, Reviewer2: 4 };
const NOT_RATINGS = json(400, { error: 'please provide valid ratings JSON' });

export function ratingsRoutes(): Route[] {
  const given = new Map<number, object>();
  const ratingsOf = (id: number): Reply => json(200, { id, ratings: given.get(id) ?? AT_FIRST });
  const rate = async (id: number, request: IncomingMessage): Promise<Reply> => {
    const ratings = readObject(await readBody(request));
    if (ratings === undefined) return NOT_RATINGS;
    given.set(id, ratings);
    return ratingsOf(id);
  };
  return [
    { method: 'GET', path: /^\/health$/, reply: () => json(200, { status: 'Ratings is healthy' }) },
    { method: 'GET', path: /^\/ratings\/([^/]*)$/, reply: ({ argument }) => withId(argument, ratingsOf) },
    {
      method: 'POST',
      path: /^\/ratings\/([^/]*)$/,
      reply: ({ argument, request }) => withId(argument, (id) => rate(id, request)),
    },
  ];
}

function withId(text: string, reply: (id: number) => Reply | Promise<Reply>): Reply | Promise<Reply> {
  if (!/^\d{1,9}$/.test(text)) return json(400, { error: 'please provide numeric product ID' });
  return reply(Number(text));
}

function readObject(text = ''): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
