import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** The way to servers elsewhere: through what HTTP_PROXY and HTTPS_PROXY name, but for what NO_PROXY names. */
export const outgoing = (): Dispatcher => new EnvHttpProxyAgent();
