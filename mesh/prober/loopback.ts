import { Agent } from 'undici';
import type { Http } from '../kube/pod-http.ts';

/** HTTP to a process on this machine, over kept connections. */
export function loopback(port: number): Http & AsyncDisposable {
  const agent = new Agent();
  const origin = `http://127.0.0.1:${port}`;
  return {
    peer: `process at ${origin}`,
    send: async ({ method, path, body, contentType = 'application/json', signal }) => {
      const response = await agent.request({
        origin,
        path,
        method,
        headers: body === undefined ? {} : { 'content-type': contentType },
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { status: response.statusCode, text: await response.body.text() };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}
