import type { Http } from '../kube/pod-http.ts';
import { hostStats, sumOf } from '../proxy/host-stats.ts';
import { unreadable } from '../proxy/unreadable.ts';

/** An address of the mesh at which nobody listens. Nobody there can count the tries, so the caller's proxy does. */
export interface ClosedDoor {
  readonly host: string;
  /** Connections to it that failed, since the proxy has known it. */
  knocks(): Promise<number>;
}

export function closedDoor(relay: Http, host: string): ClosedDoor {
  const doing = 'Counting failed connections';
  const knocks = async () => {
    const mine = (await hostStats(relay, doing)).filter(({ cluster }) => cluster.endsWith(`|${host}`));
    if (mine.length === 0)
      throw unreadable(
        `${doing} in the proxy of ${relay.peer}`,
        `it knows no host ${host}: is the rule for it in force?`,
      );
    return sumOf(mine, 'cx_connect_fail');
  };
  return { host, knocks };
}
