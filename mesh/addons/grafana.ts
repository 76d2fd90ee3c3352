import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

const found = z.array(z.object({ uid: z.string(), title: z.string() }));

/** Where Grafana shows one of its dashboards, with nothing around it. @throws HarnessError NO_DASHBOARD */
export async function dashboardPath(
  http: Http,
  title: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const { status, text } = await http.send({ method: 'GET', path: '/api/search?type=dash-db' });
  const all = status === 200 ? found.parse(JSON.parse(text)) : [];
  const dashboard = all.find((one) => one.title === title);
  if (dashboard === undefined) throw noDashboard(title, status === 200 ? all.map((one) => one.title) : [`${status}`]);
  const query = new URLSearchParams({ from: 'now-5m', to: 'now' });
  for (const [name, value] of Object.entries(variables)) query.set(`var-${name}`, value);
  return `/d/${dashboard.uid}?${query.toString()}&kiosk`;
}

function noDashboard(title: string, seen: readonly string[]): HarnessError {
  return new HarnessError({
    code: 'NO_DASHBOARD',
    blame: 'environment',
    doing: `Looking for Grafana's dashboard ${title}`,
    seen: seen.join(', '),
    next: 'see in the log of its pod whether it could read the dashboards of the release',
  });
}
