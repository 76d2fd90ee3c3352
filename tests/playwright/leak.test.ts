import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { scratch } from '../fakes/scratch.ts';

const leaky = fileURLToPath(new URL('leaky', import.meta.url));
const cli = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url));

test('no token is in any file of a report, however often the mesh repeats it', async () => {
  await using folder = await scratch();
  const report = folder.at('report');
  const printed = await played(report, folder.at('heard'));
  const heard = await readFile(folder.at('heard'), 'utf8');
  const tokens = new Set(heard.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g));
  expect(tokens.size).toBeGreaterThan(0);

  const written = [printed, ...(await textsIn(report))];
  expect(written.join('\n')).toContain('access_token=<token>');
  expect(written.join('\n')).toContain('with authorization set');
  for (const token of tokens) {
    // A part of it is as bad: what was cut off must not be there either.
    const part = token.slice(0, 40);
    expect(written.filter((text) => text.includes(part)).map((text) => text.slice(0, 200))).toEqual([]);
  }
});

function played(report: string, heardFile: string): Promise<string> {
  const env = {
    ...process.env,
    ISTIO_E2E_REPORT: report,
    HEARD_FILE: heardFile,
    PLAYWRIGHT_HTML_OUTPUT_DIR: join(report, 'html'),
    PLAYWRIGHT_HTML_OPEN: 'never',
    PLAYWRIGHT_JUNIT_OUTPUT_FILE: join(report, 'junit.xml'),
    PLAYWRIGHT_JSON_OUTPUT_FILE: join(report, 'results.json'),
  };
  const args = [cli, 'test', '-c', leaky, '--output', join(report, 'artifacts'), '--reporter', 'list,html,junit,json'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 1e7 }, (_error, stdout, stderr) => {
      resolve(`${stdout}${stderr}`);
    });
  });
}

/** Every file as text; of the HTML report also what is packed in it, and of JSON what is encoded in it. */
async function textsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text) => [text, ...unpacked(text), ...decoded(text)]);
}

function unpacked(html: string): readonly string[] {
  const [, packed] = /data:application\/zip;base64,([\w+/=]+)/.exec(html) ?? [];
  return packed === undefined ? [] : entriesOf(Buffer.from(packed, 'base64'));
}

function decoded(text: string): readonly string[] {
  return [...text.matchAll(/"body": ?"([\w+/=]+)"/g)].map(([, body = '']) => Buffer.from(body, 'base64').toString());
}

/** The files of a zip archive, by its central directory. */
function entriesOf(zip: Buffer): readonly string[] {
  const texts: string[] = [];
  let at = zip.indexOf(Buffer.from('PK\u0001\u0002'));
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(begin, begin + size);
    texts.push((zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)).toString());
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (at + 4 > zip.length) break;
  }
  return texts;
}
