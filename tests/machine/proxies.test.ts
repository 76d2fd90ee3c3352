import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fine } from '../../mesh/machine/check.ts';
import { proxies } from '../../mesh/machine/proxies.ts';
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

  test('of the kind that nobody reads here are said to be without effect', () => {
    vi.stubEnv('ALL_PROXY', 'socks5://proxy');
    expect(proxies().seen).toBe('ALL_PROXY=socks5://proxy (not used: set HTTP_PROXY and HTTPS_PROXY)');
  });
});
