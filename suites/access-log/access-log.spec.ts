import { expect, test } from '../../fixtures/test.ts';

const words = 'a note of forty-two bytes, as nobody wrote';

test.describe('Access logs', { tag: '@B05' }, () => {
  test('the line of a request is found by its id at both ends, with route, flags and bytes', async ({
    caller,
    nodebook,
    accessLogs,
    world,
    rules,
  }) => {
    const server = await accessLogs.of(nodebook, 'v3');
    await test.step('Route app-ver: v3 to v3, anything else to v4', () => rules.apply('nodebook.yaml'));
    await expect(caller.to(nodebook).with({ 'app-ver': 'v3' }).sending(words)).toBeLogged({
      status: 200,
      ends: [
        {
          log: accessLogs.caller,
          says: {
            path: nodebook.path,
            route: rules.routeName('nodebook', 0),
            flags: [],
            details: 'via_upstream',
            cluster: `outbound|3000|v3|nodebook.${world.namespace}.svc.cluster.local`,
            upstream: `${server.ip}:3000`,
          },
        },
        {
          log: server,
          says: {
            path: nodebook.path,
            route: 'default',
            flags: [],
            details: 'via_upstream',
            cluster: 'inbound|3000||',
          },
        },
        { log: await accessLogs.of(nodebook, 'v4'), says: 'nothing' },
      ],
    });
  });

  test('the line of an aborted request has the flag FI at the caller, and there is none at the server', async ({
    caller,
    nodebook,
    accessLogs,
    rules,
  }) => {
    const v3 = caller.to(nodebook).with({ 'app-ver': 'v3' });
    const server = await accessLogs.of(nodebook, 'v3');
    await test.step('Route app-ver: v3 to v3, anything else to v4', () => rules.apply('nodebook.yaml'));
    await expect(v3).toBeLogged({ status: 200, ends: [{ log: server, says: { route: 'default', flags: [] } }] });

    await test.step('Abort what goes to v3', () => rules.apply('abort-v3.yaml'));
    const says = { route: rules.routeName('nodebook', 0), flags: ['FI'], details: 'fault_filter_abort', upstream: '' };
    await expect(v3).toBeLogged({
      status: 500,
      ends: [
        { log: accessLogs.caller, says },
        { log: server, says: 'nothing' },
      ],
    });
  });
});
