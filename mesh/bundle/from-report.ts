import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Piece } from './piece.ts';

/** Not of the results, which a very red night makes large: they are then what is wanted most. */
const LARGEST = 8 * 1024 ** 2;
const RESULTS = 'results.json';
/** Its page is packed, so that nothing could be taken out of it; all it shows is in results.json. */
const PACKED = 'html';
const attached = /"body": ?"([\w+/]+={0,2})"/g;

/** Every text of a report folder. Pictures and archives are named and left out: nobody can tell what they show. */
export async function fromReport(folder: string): Promise<readonly Piece[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const path = (name: string) => join('report', name);
  if (entries === undefined)
    return [{ path: path('nothing.txt'), take: () => Promise.reject(new Error(`there is no folder ${folder}`)) }];
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(sep).includes(PACKED) && !/^bundle-.*\.tar\.gz$/.test(name));
  return files.map((name) => ({ path: path(name), take: () => textOf(join(folder, name)) }));
}

async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  const isResults = basename(file) === RESULTS;
  if (size > LARGEST && !isResults) throw new Error(`left out: it has ${Math.round(size / 1024 ** 2)} MiB`);
  const bytes = await readFile(file);
  if (bytes.includes(0)) throw new Error('left out: it is no text, and nobody could say whether a secret is in it');
  const text = bytes.toString('utf8');
  if (text.includes('data:application/zip;base64')) throw new Error('left out: it is packed');
  return isResults ? unpacked(text) : text;
}

/** Playwright keeps attachments in base64, in which no secret would be found. */
function unpacked(json: string): string {
  return json.replaceAll(attached, (_, body: string) => {
    const bytes = Buffer.from(body, 'base64');
    return `"body": ${JSON.stringify(bytes.includes(0) ? '<no text>' : bytes.toString('utf8'))}`;
  });
}
