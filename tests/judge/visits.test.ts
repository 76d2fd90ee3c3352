import { describe, expect, test } from 'vitest';
import { flawOfWay, type Way } from '../../mesh/judge/departures.ts';
import { judgeVisits, visitedBy, visitsInWords } from '../../mesh/judge/visits.ts';
import type { Visit } from '../../mesh/outside/visits.ts';
import { countConnections } from '../../mesh/proxy/connection-log.ts';
import { from } from './samples.ts';

const host = 'outside-5f2c9a01.example.test';
const visit = (id: string, change: Partial<Visit> = {}): Visit => ({
  port: 443,
  protocol: 'https',
  serverName: host,
  host,
  method: 'GET',
  path: '/',
  source: '172.19.0.2:40000',
  headers: { 'x-probe-id': id },
  ...change,
});
const flawOf = (...each: readonly Visit[]) =>
  judgeVisits(
    visitedBy(
      ['a', 'b'].map((id) => ({ id, outcome: from('outside') })),
      { connections: each.length, requests: each.length, each },
    ),
    2,
    host,
  ).flaw;

describe('visits', () => {
  test.each([
    ['', [visit('a'), visit('b')]],
    ['', [visit('a'), visit('b', { protocol: 'http', serverName: '', host: `${host}:8888` })]],
    ['1 requests arrived there, and not 2', [visit('a')]],
    ['3 requests arrived there, and not 2', [visit('a'), visit('b'), visit('c')]],
    ['the requests that arrived there are not those that were sent, each once', [visit('a'), visit('a')]],
    ['the requests that arrived there are not those that were sent, each once', [visit('a'), visit('c')]],
    [
      `a request arrived there for ${host} (in the handshake: no name), and not for ${host}`,
      [visit('a'), visit('b', { serverName: '' })],
    ],
    [
      `a request arrived there for other.example.test, and not for ${host}`,
      [visit('a'), visit('b', { host: 'other.example.test', serverName: 'other.example.test' })],
    ],
  ])('%j', (flaw, visits) => {
    expect(flawOf(...visits)).toBe(flaw);
  });

  test('in words', () => {
    expect(visitsInWords({ connections: 3, requests: 2 })).toBe('3 connections, 2 requests');
    expect(visitsInWords({ connections: 0, requests: 0 })).toBe('nobody');
  });
});

describe('departures', () => {
  const service = 'istio-egressgateway.istio-system.svc.cluster.local';
  const straight = { cluster: `outbound|443||${host}`, upstream: '172.19.0.9:443', serverName: host };
  const through = { cluster: `outbound|443|outside|${service}`, upstream: '10.244.0.7:8443', serverName: host };
  const directly: Way = { host, port: 443 };
  const byGateway: Way = { ...directly, through: service };

  test.each([
    ['', directly, [straight, straight], []],
    ['', byGateway, [through, through], [straight, straight]],
    // One was led into the caller's proxy once more.
    ['', directly, [straight, straight, straight], []],
    ['', byGateway, [through, through, through], [straight, straight]],
    ['the gateway logged 3 connections, and not 2', byGateway, [through, through], [straight, straight, straight]],
    [
      `the caller's proxy led to ${straight.cluster}, and not to ${service}`,
      byGateway,
      [through, straight],
      [straight],
    ],
    [`the caller's proxy led to ${through.cluster}, and not to ${host}`, directly, [through], []],
    [
      `the caller's proxy led to PassthroughCluster, and not to ${host}`,
      directly,
      [{ ...straight, cluster: 'PassthroughCluster' }],
      [],
    ],
    ["the caller's proxy logged 1 connections, and not 2", directly, [straight], []],
    ['the gateway logged 1 connections, and not 2', byGateway, [through, through], [straight]],
    ['the gateway logged 1 connections, and not 0', directly, [straight, straight], [straight]],
    [
      `the gateway led a connection for other.example.test to ${straight.cluster}, and not to ${straight.cluster}`,
      byGateway,
      [through, through],
      [straight, { ...straight, serverName: 'other.example.test' }],
    ],
  ])('%j', (flaw, way, caller, gateway) => {
    expect(flawOfWay({ caller: countConnections(caller), gateway: countConnections(gateway) }, 2, way)).toBe(flaw);
  });
});
