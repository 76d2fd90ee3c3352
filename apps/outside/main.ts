import { readFile } from 'node:fs/promises';
import { createOutside, createReception } from './app.ts';
import { GuestBook } from './guest-book.ts';

const PLAIN_PORTS = [80, 8888];
const TLS_PORT = 443;
const RECEPTION_PORT = 8099;

const folder = process.env['CERTIFICATE'] ?? '/run/outside';
const [cert, key] = await Promise.all([readFile(`${folder}/tls.crt`), readFile(`${folder}/tls.key`)]);
const book = new GuestBook();

for (const port of PLAIN_PORTS) createOutside(book).listen(port);
createOutside(book, { cert, key }).listen(TLS_PORT);
// Last: whoever finds it open may send visitors.
createReception(book).listen(RECEPTION_PORT);
