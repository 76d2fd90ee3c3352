import { expect, test } from 'vitest';
import { ownOf } from '../../fixtures/callers.ts';
import type { OwnProxy } from '../../mesh/proxy/own-proxy.ts';
import type { App } from '../../mesh/world/apps.ts';

const app = { service: 'nodebook', port: 3000 } as App;
const proxy = { name: 'pod w0/ingress-1' } as OwnProxy;
const world = { gatewayProxy: (asked: App) => (asked === app ? proxy : ({ name: 'another' } as OwnProxy)) };

test("the worker's own gateway counts for the test alone", () => {
  expect(ownOf({ shared: false }, world).own?.(app)).toBe(proxy);
});

test('a gateway that others share counts for nobody', () => {
  expect(ownOf({ shared: true }, world)).toEqual({});
});
