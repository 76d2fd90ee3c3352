import { linesBy, type LogLine } from './log-line.ts';

/** What a proxy wrote about one request: for the reason of a red verdict, on any Istio. */
export type Written = Pick<LogLine, 'status' | 'flags' | 'details' | 'failure' | 'cluster'>;

/** The lines of a proxy's log about what this user agent asked. */
export function writtenAbout(agent: string, log: string): readonly Written[] {
  return linesBy(agent, log).map(({ status, flags, details, failure, cluster }) => ({
    status,
    flags,
    details,
    failure,
    cluster,
  }));
}
