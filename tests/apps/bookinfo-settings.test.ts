import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../apps/bookinfo/limits.ts';
import { readSettings } from '../../apps/bookinfo/settings.ts';
import { startApp } from './child.ts';

const read = ({ args = [] as string[], env = {}, hostname = 'somewhere' }) => readSettings({ args, env, hostname });

describe("bookinfo's settings", () => {
  test.each([
    ['the environment', { env: { ROLE: 'reviews', VERSION: 'v3' } }, 'reviews', 'v3'],
    ['the arguments, before the environment', { args: ['reviews', 'v2'], env: { ROLE: 'details' } }, 'reviews', 'v2'],
    ['the environment, without a version', { env: { ROLE: 'ratings' } }, 'ratings', 'v1'],
    ["the pod's name", { env: { HOSTNAME: 'reviews-v2-7d79d5bd5d-nk8rw' } }, 'reviews', 'v2'],
    ["the host's name", { hostname: 'productpage-v1-6987489c74-q2t4h' }, 'productpage', 'v1'],
    ['the environment, before the pod', { env: { ROLE: 'details', HOSTNAME: 'ratings-v1-a-b' } }, 'details', 'v1'],
  ])('take role and version from %s', (_, surroundings, role, version) => {
    expect(read(surroundings)).toMatchObject({ role, version });
  });

  test.each([
    [{}, 'bookinfo has no role for a pod named "somewhere".'],
    [{ env: { ROLE: 'shelf' } }, 'bookinfo has no role for "shelf" in version "v1".'],
    [{ env: { ROLE: 'ratings', VERSION: 'v2' } }, 'bookinfo has no role for "ratings" in version "v2".'],
    [{ env: { HOSTNAME: 'details-v2-a-b' } }, 'bookinfo has no role for "details" in version "v2".'],
  ])('of %o are refused with the choices', (surroundings, message) => {
    const choices = 'productpage v1, details v1, ratings v1, reviews v1, reviews v2, reviews v3';
    expect(() => read(surroundings)).toThrow(`${message} Set ROLE and VERSION, or give both as arguments: ${choices}.`);
  });

  test('find the back ends at their Services, unless told otherwise', () => {
    const ROLE = 'productpage';
    expect(read({ env: { ROLE } }).backends).toEqual({
      details: 'http://details:9080',
      ratings: 'http://ratings:9080',
      reviews: 'http://reviews:9080',
    });
    const env = { ROLE, SERVICES_DOMAIN: 'shop.svc', RATINGS_HOSTNAME: 'ratings-vm', DETAILS_SERVICE_PORT: '80' };
    expect(read({ env }).backends).toEqual({
      details: 'http://details.shop.svc:80',
      ratings: 'http://ratings-vm.shop.svc:9080',
      reviews: 'http://reviews.shop.svc:9080',
    });
  });

  test('name pod and cluster', () => {
    const env = { ROLE: 'reviews', HOSTNAME: 'reviews-v1-a-b' };
    expect(read({ env })).toMatchObject({ pod: 'reviews-v1-a-b', cluster: 'null' });
    expect(read({ env: { ...env, CLUSTER_NAME: 'north' } })).toMatchObject({ cluster: 'north' });
  });

  test("hold the sample's limits", () => {
    expect(LIMITS).toEqual({ page: 3_000, blackStars: 10_000, otherStars: 2_500 });
  });

  test.each([
    ['productpage-v1-6987489c74-q2t4h', 'Product page is healthy'],
    ['details-v1-558b8b4b76-6jrx4', '{"status":"Details is healthy"}'],
    ['ratings-v1-7dc98c7588-k29qh', '{"status":"Ratings is healthy"}'],
    ['reviews-v3-7dbcdcbc56-wttk8', '{"status":"Reviews is healthy"}'],
  ])('make a process in pod %s what its name says', async (pod, health) => {
    await using app = await startApp('bookinfo', { HOSTNAME: pod });
    expect(await (await fetch(new URL('/health', app.url))).text()).toBe(health);
  });
});
