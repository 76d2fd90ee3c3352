import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startOutside } from '../../mesh/prober/outside.ts';

async function program(source: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'outside-')), 'main.mjs');
  await writeFile(path, source);
  return path;
}

const server = `
import { createServer } from 'node:http';
const { PORT, HOST } = process.env;
const server = createServer((request, response) => response.writeHead(500).end('not today'));
server.listen(Number(PORT), HOST, () => console.log(JSON.stringify({ listening: server.address().port })));
`;

test('it is reached at the port that it names, and ends with its owner', async () => {
  const outside = await startOutside(await program(server));
  await expect(outside.prober.send({ target: 'http://x', count: 1 })).rejects.toThrow(/500 not today/);
  await outside[Symbol.asyncDispose]();
  await expect(outside.prober.send({ target: 'http://x', count: 1 })).rejects.toThrow();
});

test.each([
  ['console.error("no such module"); process.exit(1)', /it ended: .*no such module/s],
  ['console.log("hello"); setInterval(() => {}, 1000)', /OUTSIDE_NOT_STARTED/],
])('a program that does not say its port is an error: %s', async (source, words) => {
  await expect(startOutside(await program(source))).rejects.toThrow(words);
});
