import { expect, test } from 'vitest';
import { isOutsideHost, Site } from '../../mesh/outside/site.ts';
import { parseRules } from '../../mesh/rules/rule.ts';

const reception = { peer: 'nobody', send: () => Promise.reject(new Error('not asked')) };
const site = new Site('172.19.0.9', reception, 'PEM');
const other = new Site('172.19.0.9', reception, 'PEM');

test('its names are one test alone, and stay below the name that nobody owns', () => {
  expect(site.host()).toMatch(/^outside-[0-9a-f]{8}\.example\.test$/);
  expect(site.host('elsewhere')).toBe(site.host().replace('outside', 'elsewhere'));
  expect(other.host()).not.toBe(site.host());
  expect(isOutsideHost(site.host())).toBe(true);
  expect(isOutsideHost('nodebook.example.com')).toBe(false);
});

test('a door leads to its address under its name', () => {
  const { url, order, host, port, subject } = site.door('https');
  expect([url.href, host, port]).toEqual([`https://${site.host()}/`, site.host(), 443]);
  expect(order).toMatchObject({ connectTo: '172.19.0.9:443', tls: { ca: 'PEM', serverName: site.host() } });
  expect(subject).toBe(`https://${site.host()}:443`);
  const plain = site.door('http', { name: 'elsewhere', port: 8888 });
  expect(plain.url.href).toBe(`http://${site.host('elsewhere')}:8888/`);
  expect(plain.order).not.toHaveProperty('tls');
});

test('names and address of a file become its own, wherever they stand, and nothing else does', () => {
  const [rule] = parseRules(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside, annotations: { range: 203.0.113.10/32 } }
spec:
  hosts: [outside.example.test, elsewhere.example.test, nodebook.example.com]
  endpoints: [{ address: 203.0.113.10 }]
`);
  if (rule === undefined) throw new Error('no rule');
  expect(site.settle(rule)).toEqual({
    ...rule,
    metadata: { name: 'outside', annotations: { range: '172.19.0.9/32' } },
    spec: {
      hosts: [site.host(), site.host('elsewhere'), 'nodebook.example.com'],
      endpoints: [{ address: '172.19.0.9' }],
    },
  });
});
