import { expect } from '../../../fixtures/expect.ts';
import type { Finding } from '../../../mesh/istio/analyze.ts';
import type { Dump } from '../../../mesh/proxy/dump.ts';
import { nodebook } from '../../../mesh/world/apps.ts';
import { proxyShowing } from '../../proxy/dumps.ts';
import { clusters, listeners, routes, rules, table } from '../../proxy/nodebook-shown.ts';
import { told } from './told.ts';

const origin = 'VirtualService ns/v';
const unknownHost = { code: 'IST0101', level: 'Error', origin, message: 'not found' } as const;
const weight = { code: 'IST0106', level: 'Error', origin, message: 'weight -5 < 0' } as const;
const warning = { code: 'IST0132', level: 'Warning', origin, message: 'no such host' } as const;
const info = { code: 'IST0118', level: 'Info', origin: 'Service ns/s', message: 'no name' } as const;
const finding = (good: readonly Finding[], broken: readonly Finding[], ...more: readonly string[]) => {
  const analyzed = [
    { file: 'a/good.yaml', findings: good },
    { file: 'a/broken/host.yaml', findings: broken },
  ];
  const declared = ['a/broken/host.yaml', ...more].map((file) => [file, ['IST0101']] as const);
  expect(analyzed).toFind(Object.fromEntries(declared));
};

told('toFind: good', () => {
  finding([info], [unknownHost]);
});
told(
  'toFind: another code, and one of the codes not',
  () => {
    finding([weight], [info], 'a/broken/forgotten.yaml');
  },
  `istioctl analyze finds IST0106 (Error) in a/good.yaml: VirtualService ns/v: weight -5 < 0
  does not find IST0101 in a/broken/host.yaml
  was not given a/broken/forgotten.yaml
  expected: 2 of 2 files with the codes declared for them, and silence on the others`,
);
told(
  'toFind: a warning where there should be none',
  () => {
    finding([warning], [unknownHost]);
  },
  'istioctl analyze finds IST0132 (Warning) in a/good.yaml: VirtualService ns/v: no such host',
);
told(
  'toFind: one more in the broken file',
  () => {
    finding([], [unknownHost, weight]);
  },
  'istioctl analyze finds IST0106 (Error) in a/broken/host.yaml: VirtualService ns/v: weight -5 < 0',
);
told(
  'toFind: of nothing',
  () => {
    expect([]).toFind({});
  },
  'Claiming toFind: no file was analyzed [MATCHER_MISUSED]',
);

const shown = { clusters, routes: [table(routes)], listeners };
const showing = (dump: Dump) => expect(proxyShowing(dump)).toShow(nodebook, rules, { within: 0 });
const otherThanSaid = 'of nodebook than the rules say (waited a while)';

told('toShow: good', () => showing(shown));
told(
  'toShow: the routes in another order',
  () => showing({ ...shown, routes: [table(routes.toReversed())] }),
  `istio-e2e-w0/prober-1 shows other routes ${otherThanSaid}
  expected routes: app-ver exact v3 and path prefix /version to v3 100; anything to v3 20, v4 80
  seen routes: anything to v3 20, v4 80; app-ver exact v3 and path prefix /version to v3 100`,
);
told(
  'toShow: a subset too few',
  () => showing({ ...shown, clusters: clusters.slice(0, 2) }),
  `istio-e2e-w0/prober-1 shows other clusters ${otherThanSaid}`,
);
told(
  'toShow: without a listener',
  () => showing({ ...shown, listeners: listeners.slice(1) }),
  `istio-e2e-w0/prober-1 shows other listeners ${otherThanSaid}`,
);
told(
  'toShow: nothing at all',
  () => showing({}),
  `istio-e2e-w0/prober-1 shows other clusters and routes and listeners ${otherThanSaid}`,
);

const before = new Map([['Namespace default', { labels: {} }]]);
const left = ['ConfigMap default/left', {}] as const;
const differing = (now: ReadonlyMap<string, unknown>, ...declared: readonly string[]) => {
  const cluster = { inventory: () => Promise.resolve(now), patience: { within: 0 } };
  return expect(cluster).toDifferBy(before, declared);
};
const notAsItShouldBe = 'the cluster is not as it should be after all this:';

told('toDifferBy: good', () => differing(new Map([...before, left]), '+ ConfigMap default/left'));
told(
  'toDifferBy: something left',
  () => differing(new Map([...before, left]), '+ Namespace istio-system'),
  `${notAsItShouldBe} it has + ConfigMap default/left
  not expected: + ConfigMap default/left
  expected, and not there: + Namespace istio-system
  expected against before: + Namespace istio-system
  compared: 1 objects before, of every kind but events and leases`,
);
told(
  'toDifferBy: nothing where something was said to stay',
  () => differing(before, '+ ConfigMap default/left'),
  `${notAsItShouldBe} it lacks the change + ConfigMap default/left`,
);
told(
  'toDifferBy: a label',
  () => differing(new Map([['Namespace default', { labels: { 'istio-injection': 'enabled' } }]])),
  `${notAsItShouldBe} it has ~ Namespace default (labels.istio-injection)`,
);
told(
  'toDifferBy: something gone',
  () => differing(new Map([left]), '+ ConfigMap default/left'),
  `${notAsItShouldBe} it has - Namespace default`,
);
told(
  'toDifferBy: against nothing',
  () => expect({ inventory: () => Promise.resolve(before) }).toDifferBy(new Map(), []),
  'Claiming toDifferBy: there is nothing in the inventory of before [MATCHER_MISUSED]',
);

const admin = (listening: readonly string[], dumped: readonly string[]) => ({
  view: { ...proxyShowing({}), name: "ns/pod by Envoy's admin" },
  listeners: () => Promise.resolve(listening),
  dumpedListeners: () => Promise.resolve(dumped),
  bootstrapFile: () => Promise.resolve(bootstrap),
});
const bootstrap = { node: 'sidecar~1', adminPort: 15000, source: 'xds-grpc', clusters: ['xds-grpc'] };
const otherListeners = "ns/pod by Envoy's admin says of its listeners one thing here and another there";

told('toKnowItsListeners: good', () => expect(admin(['a', 'b'], ['a', 'b'])).toKnowItsListeners());
told(
  'toKnowItsListeners: one more in the dump',
  () => expect(admin(['a'], ['a', 'b'])).toKnowItsListeners(),
  `${otherListeners}
  by /listeners: a
  by /config_dump: a, b`,
);
told(
  'toKnowItsListeners: one more that listens',
  () => expect(admin(['a', 'b'], ['a'])).toKnowItsListeners(),
  `${otherListeners}
  by /listeners: a, b
  by /config_dump: a`,
);
told('toKnowItsListeners: good, though a neighbour changed them meanwhile', () => {
  const looks = [['a'], ['a', 'b'], ['a', 'b'], ['a', 'b']];
  const changing = { ...admin([], ['a', 'b']), listeners: () => Promise.resolve(looks.shift() ?? []) };
  return expect(changing).toKnowItsListeners();
});
told('toKnowItsListeners: none at all', () => expect(admin([], [])).toKnowItsListeners(), otherListeners);

const leading = (open: boolean, ...routes: readonly string[]) => ({
  name: "ns/ingress by Envoy's admin",
  port: 8080,
  host: 'nodebook.example.com',
  look: () => Promise.resolve({ open, routes }),
});
const atOnce = { within: 0 };
const toV3 = { 'nodebook.ns#1.0': 'anything to v3 100' };

told('toLeadOn: good', () => expect(leading(true, 'nodebook.ns#1.0: anything to v3 100')).toLeadOn(toV3, atOnce));
told('toLeadOn: good, and closed', () => expect(leading(false)).toLeadOn('closed', atOnce));
told(
  'toLeadOn: open where it should be closed',
  () => expect(leading(true)).toLeadOn('closed', atOnce),
  "ns/ingress by Envoy's admin shows a listener on 8080 and no route for nodebook.example.com, and not no listener on 8080 and no route for nodebook.example.com (waited a while)",
);
told(
  'toLeadOn: a route where there should be none',
  () => expect(leading(true, 'nodebook.ns#1.0: anything to v3 100')).toLeadOn('nowhere', atOnce),
  /^ns\/ingress by Envoy's admin shows a listener on 8080 and nodebook\.ns#1\.0: anything to v3 100 for nodebook\.example\.com, and not a listener on 8080 and no route/,
);
told(
  'toLeadOn: another route',
  () => expect(leading(true, 'nodebook.ns#1.0: anything to v4 100')).toLeadOn(toV3, atOnce),
  /anything to v4 100 for nodebook\.example\.com, and not .* anything to v3 100/,
);
told(
  'toLeadOn: the route of another rule',
  () => expect(leading(true, 'nodebook.ns#2.0: anything to v3 100')).toLeadOn(toV3, atOnce),
  /nodebook\.ns#2\.0: anything to v3 100 .* and not .*nodebook\.ns#1\.0: anything to v3 100/,
);

const running = (node: string, file = bootstrap, loaded = file) =>
  expect({
    byIstioctl: { ...proxyShowing({}), name: 'ns/pod' },
    byAdmin: { ...admin(['a'], ['a']), bootstrapFile: () => Promise.resolve(file) },
    loadedBootstrap: () => Promise.resolve(loaded),
    node,
  }).toRunByItsFile();

told('toRunByItsFile: good', () => running('sidecar~1'));
told(
  'toRunByItsFile: of another proxy',
  () => running('sidecar~2'),
  'the bootstrap of ns/pod: node is sidecar~1, and not sidecar~2',
);
told(
  'toRunByItsFile: with another admin port',
  () => running('sidecar~1', { ...bootstrap, adminPort: 15001 }),
  'the bootstrap of ns/pod: adminPort is 15001, and not 15000',
);
told(
  'toRunByItsFile: and something else was loaded',
  () => running('sidecar~1', bootstrap, { ...bootstrap, clusters: ['xds-grpc', 'sds-grpc'] }),
  'the bootstrap of ns/pod: clusters is xds-grpc in the file, and xds-grpc,sds-grpc was loaded',
);
