import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fine } from '../../mesh/machine/check.ts';
import { alsoInSmallLetters, proxies } from '../../mesh/machine/proxies.ts';
import { withoutProxies } from '../fakes/proxy.ts';

beforeEach(() => {
  withoutProxies();
  return () => void vi.unstubAllEnvs();
});

describe('proxies', () => {
  test('that are not set are fine', () => {
    expect(proxies()).toEqual(fine('proxies', 'none set'));
  });

  test('that are set, in whatever case, are named with what NO_PROXY has to cover, and without a password', () => {
    vi.stubEnv('https_proxy', 'http://me:secret@proxy:3128');
    vi.stubEnv('HTTP_PROXY', 'http://proxy:3128');
    vi.stubEnv('NO_PROXY', 'localhost');
    expect(proxies()).toMatchObject({
      verdict: 'limits',
      seen: 'HTTP_PROXY=http://proxy:3128, https_proxy=http://***@proxy:3128, NO_PROXY=localhost',
      remedy: expect.stringContaining('127.0.0.1') as string,
    });
  });

  test.each([
    ['me:secret@proxy:3128', '***@proxy:3128'],
    ['http://me:sec/re@t@proxy:3128', 'http://***@proxy:3128'],
  ])('%s is shown as %s', (value, shown) => {
    vi.stubEnv('HTTP_PROXY', value);
    expect(proxies().seen).toBe(`HTTP_PROXY=${shown}`);
  });

  test('in capitals are set in small letters, too, which apt knows alone', () => {
    const env: NodeJS.ProcessEnv = { HTTP_PROXY: 'http://a', HTTPS_PROXY: 'http://b', https_proxy: 'http://c' };
    alsoInSmallLetters(env);
    expect(env).toEqual({
      HTTP_PROXY: 'http://a',
      http_proxy: 'http://a',
      HTTPS_PROXY: 'http://b',
      https_proxy: 'http://c',
    });
  });

  test('of the kind that nobody reads here are said to be without effect', () => {
    vi.stubEnv('ALL_PROXY', 'socks5://proxy');
    expect(proxies().seen).toBe('ALL_PROXY=socks5://proxy (not used: set HTTP_PROXY and HTTPS_PROXY)');
  });
});
