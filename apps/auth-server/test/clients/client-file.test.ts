import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEYS, keySet } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readClients } from '../../src/clients/client-file.ts';
import { POLICIES } from '../../src/policy.ts';
import { hashSecret } from '../../src/secrets.ts';

const SECRET = 'sixteen-or-more!';
const good = { client_id: 'a', client_secret: SECRET, scope: 'notes:read' };
const signing = {
  client_id: 'b',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: keySet(KEYS.alice),
};

describe('CLIENTS_FILE', () => {
  it.each([
    ['no JSON', '[{"client_secret":"sixteen-or-more!"', /^must be JSON$/],
    ['no array', {}, /^must be an array of clients$/],
    ['no object', [good, 'a'], /^client 2: must be an object$/],
    ['no client_id', [{ ...good, client_id: undefined }], /^client 1: client_id is missing$/],
    ['an empty client_id', [{ ...good, client_id: '' }], /^client 1: client_id is missing$/],
    [
      'a client_id that is a number',
      [{ ...good, client_id: 1 }],
      /^client 1: client_id must be a text$/,
    ],
    [
      'a client_id with a line break',
      [{ ...good, client_id: 'a\n' }],
      /^client 1: client_id must have at most 256/,
    ],
    [
      'a client_id of 257 characters',
      [{ ...good, client_id: 'a'.repeat(257) }],
      /^client 1: client_id must have/,
    ],
    [
      'a client_id as registration makes them [ATJWT-5-01]',
      [{ ...good, client_id: `dcr-${'a'.repeat(43)}` }],
      /^client 1: client_id has the form of clients that register themselves$/,
    ],
    [
      'no secret',
      [{ ...good, client_secret: undefined }],
      /^client 1: client_secret must have at least 16 characters$/,
    ],
    [
      'a secret of 15 characters',
      [{ ...good, client_secret: 'a'.repeat(15) }],
      /^client 1: client_secret must have at least 16 characters$/,
    ],
    [
      'a secret that is a number',
      [{ ...good, client_secret: 1234567890123456 }],
      /^client 1: client_secret must be a text$/,
    ],
    [
      'a secret of a client with keys',
      [{ ...signing, client_secret: SECRET }],
      /^client 1: client_secret is for the methods client_secret_basic and _post alone$/,
    ],
    [
      'a secret of a public client',
      [{ ...good, token_endpoint_auth_method: 'none', redirect_uris: ['https://app.example/'] }],
      /^client 1: client_secret is for the methods/,
    ],
    ['a client twice', [good, good], /^a client_id occurs twice$/],
    [
      'a bad flag',
      [{ ...good, dpop_bound_access_tokens: 'yes' }],
      /^client 1: dpop_bound_access_tokens must be true or false$/,
    ],
    [
      'a bad URI of the third client',
      [good, signing, { ...good, client_id: 'c', redirect_uris: ['http://app.example'] }],
      /^client 3: redirect_uris must use https/,
    ],
  ])('%s → the sentence says so', (_name, content, sentence) => {
    expect(() => readClients(clientsFile(content), POLICIES.default)).toThrow(sentence);
  });

  it('the defaults: unbound, client credentials, JWT', () => {
    expect(readClients(clientsFile([good]), POLICIES.default)).toEqual([
      {
        client_id: 'a',
        secretHash: hashSecret(SECRET),
        redirect_uris: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'notes:read',
        application_type: 'web',
        dpop_bound_access_tokens: false,
        require_pushed_authorization_requests: false,
        access_token_format: 'jwt',
        introspects: [],
      },
    ]);
  });

  it('a client with keys → has no secret', () => {
    const [client] = readClients(clientsFile([signing]), POLICIES.default);
    expect(client).toMatchObject({ client_id: 'b', secretHash: undefined });
  });

  it('a client with a secret under FAPI 2.0 → refused [FAPI-5.3.2.1-02]', () => {
    expect(() => readClients(clientsFile([signing, good]), POLICIES.fapi)).toThrow(
      /^client 2: token_endpoint_auth_method is not one that is accepted here$/,
    );
  });
});

function clientsFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'clients.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
