/** The part of Koa that nodebook uses: Koa ships no types of its own. */
declare module 'koa' {
  type IncomingMessage = import('node:http').IncomingMessage;
  type ServerResponse = import('node:http').ServerResponse;

  interface Context {
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    readonly path: string;
    readonly query: Record<string, string | string[] | undefined>;
    status: number;
    body: unknown;
    /** A request header, or '' when it is absent. */
    get(name: string): string;
    set(name: string, value: string): void;
  }

  type Middleware = (context: Context, next: () => Promise<void>) => Promise<void> | void;

  class Koa {
    use(middleware: Middleware): this;
    on(event: 'error', listener: (error: Error) => void): this;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }

  namespace Koa {
    export type { Context, Middleware };
  }

  export = Koa;
}
