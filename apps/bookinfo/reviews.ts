import { askBackend } from './backend.ts';
import type { Limits } from './limits.ts';
import { passedOn } from './passed-on.ts';
import { json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Call, Route } from './router.ts';
import type { Settings, Version } from './settings.ts';

interface Stars {
  color: string;
  limit: keyof Limits;
}

/** v1 does not know of ratings. */
const STARS: Partial<Record<Version, Stars>> = {
  v2: { color: 'black', limit: 'blackStars' },
  v3: { color: 'red', limit: 'otherStars' },
};

const REVIEWS = [
  { reviewer: 'Reviewer1', text: 'I laughed in every scene, and twice at the wrong twin.' },
  { reviewer: 'Reviewer2', text: 'Quick, loud and merry. Whoever looks for depth had better read the tragedies.' },
];

const UNAVAILABLE = { error: 'Ratings service is currently unavailable' };

export function reviewsRoutes(settings: Settings, limits: Limits): Route[] {
  return [
    { method: 'GET', path: /^\/health$/, reply: () => json(200, { status: 'Reviews is healthy' }) },
    { method: 'GET', path: /^\/reviews\/(\d{1,9})$/, reply: (call) => reviewsOf(call, settings, limits) },
  ];
}

async function reviewsOf({ argument, request }: Call, settings: Settings, limits: Limits): Promise<Reply> {
  const id = String(Number(argument));
  const stars = STARS[settings.version];
  const about = { id, podname: settings.pod, clustername: settings.cluster };
  if (stars === undefined) return json(200, { ...about, reviews: REVIEWS });
  const headers = passedOn(request.headers, String(request.headers['end-user'] ?? ''));
  const { body } = await askBackend(`${settings.backends.ratings}/ratings/${id}`, headers, limits[stars.limit]);
  const reviews = REVIEWS.map((review) => ({ ...review, rating: ratingIn(body, review.reviewer, stars.color) }));
  return json(200, { ...about, reviews });
}

function ratingIn(
  body: unknown,
  reviewer: string,
  color: string,
): { stars: number; color: string } | typeof UNAVAILABLE {
  const { ratings } = (body ?? {}) as { ratings?: Partial<Record<string, unknown>> | null };
  const stars = ratings?.[reviewer];
  return typeof stars === 'number' ? { stars, color } : UNAVAILABLE;
}
