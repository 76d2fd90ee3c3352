import { z } from 'zod';

const footprint = z.object({
  /** How many objects of each kind the cluster has. */
  objects: z.record(z.string(), z.number()),
  /** MiB that are resident; undefined where the kubelets are not to be asked. */
  memory: z
    .object({ istiod: z.number(), proxies: z.number(), meanProxy: z.number(), largestProxy: z.number() })
    .optional(),
  /** MiB that the programs hold, without what their allocators keep for later; undefined where one of them did not say, and in earlier ledgers. */
  inUse: z.object({ istiod: z.number(), meanProxy: z.number(), largestProxy: z.number() }).optional(),
  /** Restarts of their containers since they were made, added up. */
  restarts: z.object({ istiod: z.number(), proxies: z.number() }),
});

const schema = z.object({
  /** Its number in the ledger, from 1 on. */
  run: z.number().int().positive(),
  began: z.string(),
  /** What was run, on what: runs that differ in this are no series. */
  subject: z.object({ commit: z.string(), istio: z.string(), chosen: z.string() }),
  /** The cluster, by what no other one has. */
  cluster: z.string(),
  /** Playwright's `--shuffle`, and how many workers: together they are the order. */
  order: z.string(),
  workers: z.number(),
  /** environment: where something failed, the harness could not do its work, and of the mesh nothing red was judged. */
  verdict: z.enum(['green', 'red', 'environment']),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** Tests before, or in, which the run ended; earlier ledgers count them among the skipped. */
  notReached: z.number().default(0),
  /** Each test that failed, and what went wrong outside of any, by its first line. */
  red: z.array(z.object({ test: z.string(), line: z.string() })),
  seconds: z.number(),
  requests: z.number(),
  /** Undefined where the cluster could not be asked afterwards. */
  after: footprint.optional(),
  /** What the cluster has more, or less, of than before this run: `+1 Pod istio-e2e-w0`. */
  left: z.array(z.string()),
  /** MiB, and files that were left in the folder for temporary ones. */
  disk: z.object({ cache: z.number(), report: z.number(), temporary: z.number() }),
  /** Processes that wanted a core, over the last minute, when the run began and when it ended. */
  load: z.object({ before: z.number(), after: z.number(), cores: z.number() }),
});

export type Footprint = Readonly<z.infer<typeof footprint>>;
/** One run of the list, as the ledger remembers it. */
export type RunEntry = Readonly<z.infer<typeof schema>>;
export type Subject = RunEntry['subject'];

/** @throws z.ZodError or SyntaxError where the line is of another shape */
export const parseEntry = (line: string): RunEntry => schema.parse(JSON.parse(line));
