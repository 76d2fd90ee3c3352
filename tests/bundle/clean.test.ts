import { homedir } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cleaner, secretsIn } from '../../mesh/bundle/clean.ts';
import { scratch } from '../fakes/scratch.ts';

const clean = cleaner(['opaque-credential-of-the-kubeconfig']);
const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----';

test.each([
  ['a token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl here', 'eyJhbGci'],
  ['a private key', `found\n${key}\n`, 'MIIEowIBAAKCAQEA'],
  ['a key in base64', `tls.key: ${Buffer.from(key).toString('base64')}`, 'LS0tLS1CRUdJTi'],
  ['a field of YAML', 'password: hunter-2-hunter', 'hunter-2'],
  ['a field of JSON', '{"accessToken": "hunter-2-hunter", "a": 1}', 'hunter-2'],
  ['JSON inside of JSON', JSON.stringify({ body: JSON.stringify({ client_secret: 'hunter-2-hunter' }) }), 'hunter-2'],
  ['an environment', 'DB_PASSWORD=hunter-2-hunter npm start', 'hunter-2'],
  ['a form', 'user=a&password=hunter-2-hunter&b=1', 'hunter-2'],
  ['a header', 'authorization: Bearer hunter-2-hunter', 'hunter-2'],
  ['a variable of a pod', '- name: DB_PASSWORD\n  value: hunter-2-hunter\n- name: B\n', 'hunter-2'],
  ['a header among others in a line', 'GET / authorization: Basic aHVudGVyLTItaHVudGVy "x"', 'aHVudGVy'],
  ['a header in a list', '{"authorization": ["Bearer hunter-2-hunter"]}', 'hunter-2'],
  ['a header of a proxy', '{"key": "authorization", "value": "Basic hunter-2-hunter"}', 'hunter-2'],
  [
    'a header of a proxy over several lines',
    '"header": {\n "key": "Authorization",\n "value": "Basic hunter-2-hunter"\n}',
    'hunter-2',
  ],
  [
    'a header in JSON inside of JSON',
    JSON.stringify({ body: JSON.stringify({ headers: { authorization: 'Basic hunter-2-hunter' } }) }),
    'hunter-2',
  ],
  ['the second of two cookies', 'cookie: theme=dark; session=hunter-2-hunter', 'hunter-2'],
  ['a key of an account', 'AWS_SECRET_ACCESS_KEY=hunter-2-hunter', 'hunter-2'],
  ['a password without a user', 'redis://:hunter-2-hunter@cache:6379', 'hunter-2'],
  ['a password with an at sign', 'http://user:hunt@er-2-hunter@proxy.example.com', 'er-2-hunter'],
  ['a password in an address', 'HTTPS_PROXY=http://user:hunter-2-hunter@proxy.example.com:3128', 'hunter-2'],
  [
    'a variable over several lines',
    '- name: DB_PASSWORD\n  value: |\n    first\n    hunter-2-hunter\n- name: B\n',
    'hunter-2',
  ],
  ['a variable in one line of JSON', '{"name":"DB_PASSWORD","value":"hunter-2-hunter"}', 'hunter-2'],
  ['what is known to the letter', 'it said opaque-credential-of-the-kubeconfig.', 'opaque-credential'],
  ["the user's name in paths", `${homedir()}/project`, `${homedir()}/`],
])('%s is taken out', (_, text, secret) => {
  expect(text).toContain(secret);
  expect(clean(text)).not.toContain(secret);
});

test.each([
  'outside to kubia: 412 x 200 from v1 [suspect: the mesh]',
  'caller to productpage with cookie set: 20 of 20 requests did not come to 200 [suspect: the mesh]',
  'secretName: tls-of-nodebook',
  'serviceAccountToken:\n  expirationSeconds: 43200',
  'automountServiceAccountToken: true',
  '{"token": "", "password": null}',
  '- name: DB_HOST\n  value: db.example.com\n',
  'see http://nodebook:3000/ and http://[::1]:80/',
])('what is no secret stays: %j', (text) => {
  expect(clean(text)).toBe(text);
});

test('the credentials of a kubeconfig are known, plain and in base64', async () => {
  await using folder = await scratch();
  const file = folder.at('config');
  const users = [{ user: { token: 'plain-token', 'client-key-data': Buffer.from('inner-key').toString('base64') } }];
  await writeFile(file, JSON.stringify({ users }));
  expect(await secretsIn(file)).toEqual(expect.arrayContaining(['plain-token', 'inner-key']));
});
