import { expect, test } from '../../fixtures/test.ts';

const all = (answer: string) => ({ foo: answer, 'foo POST /post': answer, 'foo GET /get': answer });
const everybody = {
  bar: { ...all('mutual TLS'), 'foo/other': 'mutual TLS', 'foo/other POST /post': 'mutual TLS' },
  'foo/other': all('mutual TLS'),
  legacy: { ...all('plain text'), 'foo/other': 'plain text', 'foo/other POST /post': 'plain text' },
};

test.describe('A policy denies what it names and nothing else, and the log says which one did', { tag: '@S05' }, () => {
  test('by principal', async ({ neighbours, policies, logged: _needed }) => {
    await expect(neighbours).toTurnOut('no policy', { bar: all('mutual TLS') });
    await test.step('Apply deny-principal.yaml', () => policies.apply('deny-principal.yaml'));
    const bar = { ...everybody.bar, ...all('denied') };
    await expect(neighbours).toTurnOut('not from bar', { ...everybody, bar });
    const grounds = neighbours.refusedBy('foo', 'not-from-bar');
    await expect(neighbours.question('bar', 'foo')).toBeDeniedBy(grounds, neighbours.accessLog('foo'));
  });

  test('by namespace, where whoever is not allowed is denied', async ({ neighbours, policies, logged: _needed }) => {
    await expect(neighbours).toTurnOut('no policy', { 'foo/other': all('mutual TLS'), legacy: all('plain text') });
    await test.step('Apply allow-namespace.yaml', () => policies.apply('allow-namespace.yaml'));
    const other = all('denied');
    // Without a certificate nobody is in a namespace.
    const legacy = { ...everybody.legacy, ...all('denied') };
    await expect(neighbours).toTurnOut('only from bar', { ...everybody, 'foo/other': other, legacy });
    const grounds = neighbours.refusedBy('foo', 'none');
    await expect(neighbours.question('foo/other', 'foo')).toBeDeniedBy(grounds, neighbours.accessLog('foo'));
  });

  test('by method', async ({ neighbours, policies, logged: _needed }) => {
    const posts = (answer: string) => ({ 'foo POST /post': answer });
    await expect(neighbours).toTurnOut('no policy', {
      bar: posts('mutual TLS'),
      'foo/other': posts('mutual TLS'),
      legacy: posts('plain text'),
    });
    await test.step('Apply deny-method.yaml', () => policies.apply('deny-method.yaml'));
    const denied = posts('denied');
    await expect(neighbours).toTurnOut('no POST', {
      bar: { ...everybody.bar, ...denied },
      'foo/other': { ...everybody['foo/other'], ...denied },
      legacy: { ...everybody.legacy, ...denied },
    });
    const grounds = neighbours.refusedBy('foo', 'no-post');
    await expect(neighbours.question('bar', 'foo POST /post')).toBeDeniedBy(grounds, neighbours.accessLog('foo'));
  });

  test('by path', async ({ neighbours, policies, logged: _needed }) => {
    const [certified, plain] = [{ foo: 'mutual TLS' }, { foo: 'plain text' }];
    await expect(neighbours).toTurnOut('no policy', { bar: certified, 'foo/other': certified, legacy: plain });
    await test.step('Apply deny-path.yaml', () => policies.apply('deny-path.yaml'));
    const denied = { foo: 'denied' };
    await expect(neighbours).toTurnOut('not /headers', {
      bar: { ...everybody.bar, ...denied },
      'foo/other': { ...everybody['foo/other'], ...denied },
      legacy: { ...everybody.legacy, ...denied },
    });
    const grounds = neighbours.refusedBy('foo', 'no-headers');
    await expect(neighbours.question('legacy', 'foo')).toBeDeniedBy(grounds, neighbours.accessLog('foo'));
  });
});
