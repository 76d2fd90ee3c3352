import type { Say } from '../../mesh/say.ts';

/** A listener that remembers what it was told. */
export function hearing(): { readonly say: Say; readonly heard: string[]; readonly notes: string[] } {
  const heard: string[] = [];
  const notes: string[] = [];
  const say = Object.assign((what: string) => void heard.push(what), { note: (what: string) => void notes.push(what) });
  return { say, heard, notes };
}
