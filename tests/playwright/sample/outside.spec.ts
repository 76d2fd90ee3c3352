import { expect } from '../../../fixtures/expect.ts';
import type { Tally } from '../../../mesh/judge/outcome.ts';
import { failed, from, reset, tallyOf, unresolved } from '../../judge/samples.ts';
import { goingOut, host, type Logs, past, straight, times } from './outside.ts';
import { told } from './told.ts';

const answers = tallyOf([66, from('outside')]);
const shut = tallyOf([66, { ...reset, reason: 'closed' }]);
const outside = `caller to https://${host}:443`;
const fresh = `${outside} over fresh connections`;

const arriving = (tally: Tally, arrived: number, logs: Logs = {}) => {
  const { question, site } = goingOut(tally, arrived, logs);
  return expect(question).toArriveAt(site);
};

told('toArriveAt: good', () => arriving(answers, 66));
told('toArriveAt: one never did', () => arriving(answers, 65), `${outside}: 65 requests arrived there, and not 66`);
told(
  'toArriveAt: under another name',
  () => arriving(answers, 66, { visited: 'elsewhere.example.test' }),
  `${outside}: a request arrived there for elsewhere.example.test, and not for ${host}`,
);
told(
  'toArriveAt: one twice and another never',
  () => arriving(answers, 66, { repeated: true }),
  `${outside}: the requests that arrived there are not those that were sent, each once`,
);
told(
  'toArriveAt: shut',
  () => arriving(shut, 0),
  `${outside}: 66 of 66 requests were not answered by the outside server: each connection was closed, as by REGISTRY_ONLY for a name or port that is not in the registry`,
);

const kept = (tally: Tally, arrived: number, barrier: 502 | 'closed') => {
  const { question, site } = goingOut(tally, arrived);
  return expect(question).toBeKeptFrom(site, barrier);
};

told('toBeKeptFrom: good', () => kept(shut, 0, 'closed'));
told(
  'toBeKeptFrom: in another way',
  () => kept(tallyOf([66, failed(502)]), 0, 'closed'),
  `${outside}: 66 of 66 requests were not closed by the proxy`,
);
told(
  "toBeKeptFrom: by the server's own 502",
  () => kept(tallyOf([66, failed(502, 'sorry')]), 0, 502),
  `${outside}: 66 of 66 requests were not answered 502 by the proxy`,
);
told(
  'toBeKeptFrom: and all the same there',
  () => kept(shut, 66, 'closed'),
  `${outside}: the outside server was reached: 66 connections, 66 requests`,
);
told(
  'toBeKeptFrom: answered',
  () => kept(answers, 66, 'closed'),
  `${outside}: the outside server was reached: 66 connections, 66 requests`,
);

const ways = { directly: 'directly', through: 'through the egress gateway' } as const;
const toGateway = { cluster: 'outbound|443|outside|istio-egressgateway.istio-system.svc.cluster.local' };
const leaving = (way: keyof typeof ways, logs: Logs, arrived = 66) => {
  const { caller, ...rest } = goingOut(answers, arrived, logs);
  return expect(caller).toLeave({ ...rest, way: ways[way] });
};
const both = { caller: times(66, { ...straight, ...toGateway }), gateway: times(66, straight) };

told('toLeave: good', () => leaving('directly', { caller: times(66, straight) }));
told('toLeave: good by the gateway', () => leaving('through', both));
told(
  'toLeave: another way',
  () => leaving('through', { caller: times(66, straight) }),
  `${fresh}: the caller's proxy led to outbound|443||${host}, and not to istio-egressgateway.istio-system.svc.cluster.local`,
);
told(
  'toLeave: one that the gateway has not seen',
  () => leaving('through', { ...both, gateway: times(65, straight) }),
  `${fresh}: the gateway logged 65 connections, and not 66`,
);
told(
  'toLeave: with another name at the gateway',
  () => leaving('through', { ...both, gateway: times(66, { ...straight, serverName: 'other.example.test' }) }),
  `${fresh}: the gateway led a connection for other.example.test to outbound|443||${host}, and not to outbound|443||${host}`,
);
told(
  'toLeave: without coming there',
  () => leaving('through', both, 65),
  `${fresh}: 65 requests arrived there, and not 66`,
);

const witness = { service: 'nodebook', port: 3000, path: '/version', labels: {} };
const crossing = (logs: Logs, tally = answers, arrived = 66) => {
  const { caller, door, site } = goingOut(tally, arrived, logs);
  return { caller, options: { doors: [door], site, witness } };
};
const through = (...args: Parameters<typeof crossing>) => {
  const { caller, options } = crossing(...args);
  return expect(caller).toPassThroughProxy(options);
};
const by = (...args: Parameters<typeof crossing>) => {
  const { caller, options } = crossing(...args);
  return expect(caller).toPassByProxy(options);
};

told('toPassThroughProxy: good', () => through({ caller: times(66, past) }));
told('toPassThroughProxy: good, one of them twice', () => through({ caller: times(67, past) }));
told(
  'toPassThroughProxy: one is led elsewhere',
  () => through({ caller: [...times(65, past), { ...past, upstream: '172.19.0.8:443' }] }),
  `${fresh}: the caller's proxy logged 65 connections to 172.19.0.9:443, and not 66`,
);
told(
  'toPassThroughProxy: one more is led elsewhere',
  () => through({ caller: [...times(66, past), { ...past, upstream: '172.19.0.8:443' }] }),
  `${fresh}: the caller's proxy led to 172.19.0.8:443, and not to 172.19.0.9:443`,
);
told(
  'toPassThroughProxy: past it',
  () => through({}),
  `${fresh}: the caller's proxy logged 0 connections to 172.19.0.9:443, and not 66`,
);
told(
  'toPassThroughProxy: all but one',
  () => through({ caller: times(65, past) }),
  `${fresh}: the caller's proxy logged 65 connections to 172.19.0.9:443, and not 66`,
);
told(
  'toPassThroughProxy: with a witness for whom DNS gave no name',
  () => through({ caller: times(66, past), witness: unresolved }),
  /^Asking once: .*: DNS gave no answer for the name of .* \[NOT_ASKED\]/,
);
told(
  'toPassThroughProxy: not answered',
  () => through({ caller: times(66, past) }, shut, 0),
  `${fresh}: 66 of 66 requests were not answered by the outside server: each connection was closed, as by REGISTRY_ONLY for a name or port that is not in the registry`,
);

told('toPassByProxy: good', () => by({}));
told(
  'toPassByProxy: logged',
  () => by({ caller: times(66, past) }),
  `${fresh}: the caller's proxy logged 66 connections to 172.19.0.9:443, and not 0`,
);
told(
  'toPassByProxy: one is logged',
  () => by({ caller: times(1, past) }),
  `${fresh}: the caller's proxy logged 1 connections to 172.19.0.9:443, and not 0`,
);
told('toPassByProxy: one never arrives', () => by({}, answers, 65), `${fresh}: 65 requests arrived there, and not 66`);
told(
  'toPassByProxy: a proxy that writes nothing',
  () => by({ mute: true }),
  `${fresh}: its proxy has not logged a request for nodebook`,
);
told(
  'toPassByProxy: through no door',
  () => {
    const { caller, options } = crossing({});
    return expect(caller).toPassByProxy({ ...options, doors: [] });
  },
  'Claiming toPassByProxy: no door to the outside is named [MATCHER_MISUSED]',
);
