import { createBookinfo } from '../../apps/bookinfo/app.ts';
import type { Limits } from '../../apps/bookinfo/limits.ts';
import type { Backend, Role, Settings, Version } from '../../apps/bookinfo/settings.ts';
import { listen } from './servers.ts';
import type { Listening } from './servers.ts';

export interface Bookinfo extends Listening {
  ask: (path: string, init?: RequestInit) => Promise<Response>;
  text: (path: string, init?: RequestInit) => Promise<string>;
  json: (path: string, init?: RequestInit) => Promise<unknown>;
}

interface Setup {
  version?: Version;
  /** Those that are not named are where nobody listens. */
  backends?: Partial<Record<Backend, Listening>>;
  limits?: Partial<Limits>;
  cluster?: string;
}

/** Long enough for every answer on a loaded machine; a test of a limit sets its own. */
const PATIENT: Limits = { page: 15_000, blackStars: 15_000, otherStars: 15_000 };
const NOWHERE = 'http://127.0.0.1:1';

/** One role of bookinfo, as pod `<role>-<version>-abc`. */
export async function startBookinfo(role: Role, setup: Setup = {}): Promise<Bookinfo> {
  const { version = 'v1', backends = {}, cluster = 'null' } = setup;
  const urlOf = (name: Backend) => backends[name]?.url.replace(/\/$/, '') ?? NOWHERE;
  const settings: Settings = {
    role,
    version,
    pod: `${role}-${version}-abc`,
    cluster,
    backends: { details: urlOf('details'), ratings: urlOf('ratings'), reviews: urlOf('reviews') },
  };
  const listening = await listen(createBookinfo(settings, { ...PATIENT, ...setup.limits }));
  const ask: Bookinfo['ask'] = (path, init = {}) =>
    fetch(new URL(path, listening.url), { redirect: 'manual', ...init });
  return {
    ...listening,
    ask,
    text: async (path, init) => (await ask(path, init)).text(),
    json: async (path, init) => (await ask(path, init)).json(),
  };
}
