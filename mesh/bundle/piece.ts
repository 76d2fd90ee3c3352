import { messageOf } from '../errors.ts';

/** A file of the bundle, which is taken when it is its turn. */
export interface Piece {
  /** Where it lies in the bundle: `cluster/istio-system/events.txt`. */
  readonly path: string;
  take(): Promise<string>;
}

/** What became of a piece. */
export interface Taken {
  readonly path: string;
  readonly body: string;
  /** Why it could not be had; undefined where it was. */
  readonly missing?: string;
}

const LONGEST = 60_000;
/** Enough to be done soon, and few enough not to be the load that is looked for. */
const AT_ONCE = 4;

/** Takes all pieces. What cannot be had, or not in time, says why in its place: a bundle is wanted most when little works. */
export async function takeAll(
  pieces: readonly Piece[],
  clean: (text: string) => string,
  within = LONGEST,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  const waiting = [...pieces];
  const work = async () => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift())
      taken.push(await takeOne(piece, clean, within));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return taken.toSorted((a, b) => a.path.localeCompare(b.path));
}

async function takeOne(piece: Piece, clean: (text: string) => string, within: number): Promise<Taken> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limit = AbortSignal.timeout(within);
  limit.addEventListener('abort', () => {
    reject(new Error(`it took longer than ${within / 1000} s`));
  });
  late.catch(() => undefined);
  try {
    return { path: piece.path, body: clean(await Promise.race([piece.take(), late])) };
  } catch (error) {
    const missing = clean(messageOf(error));
    return { path: piece.path, body: `could not be had: ${missing}\n`, missing: missing.split('\n')[0] ?? '' };
  }
}
