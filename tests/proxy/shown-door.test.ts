import { expect, test } from 'vitest';
import { shownDoor } from '../../mesh/proxy/shown-door.ts';
import { proxyShowing } from './dumps.ts';
import { routes } from './nodebook-shown.ts';

const named = routes.map((route, index) => ({ ...route, name: `nodebook.ns#7.${index}` }));
const host = 'nodebook.example.com';
const table = (name: string, ...domains: readonly string[]) => ({
  route_config: { name, virtual_hosts: [{ domains, routes: named }, { domains: ['*'] }] },
});
const door = (listening: readonly string[], ...tables: readonly object[]) =>
  shownDoor(
    { view: proxyShowing({ routes: tables as never }), listeners: () => Promise.resolve(listening) },
    8080,
    host,
  ).look();

test('a door is open where the port has a listener, and has the routes of that port for that host', async () => {
  expect(await door(['0.0.0.0_8080', '0.0.0.0_15090'], table('http.8080', host, `${host}:*`))).toEqual({
    open: true,
    routes: [
      'nodebook.ns#7.0: app-ver exact v3 and path prefix /version to v3 100',
      'nodebook.ns#7.1: anything to v3 20, v4 80',
    ],
  });
});

test('what is of another port or host is no part of it', async () => {
  expect(await door(['0.0.0.0_80801'], table('http.8081', host), table('http.8080', 'other.example.com'))).toEqual({
    open: false,
    routes: [],
  });
});
