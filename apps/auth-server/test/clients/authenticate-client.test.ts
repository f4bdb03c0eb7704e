import { basicCredentials, isUnavailableError } from '@keybound/core';
import { createMemoryReplayStore } from '@keybound/dpop';
import { createTestClock, type FieldLines, testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createClientAuthentication } from '../../src/clients/authenticate-client.ts';
import type { Client } from '../../src/clients/client.ts';
import { demoClients } from '../../src/clients/demo-clients.ts';
import type { Form } from '../../src/form.ts';
import { POLICIES, type Policy } from '../../src/policy.ts';
import { hashSecret } from '../../src/secrets.ts';

const [demo, ...others] = demoClients([]);
if (demo === undefined) throw new Error('there are demo clients');
const ODD_ID = 'a b:c%+ä';
const ODD_SECRET = 's:e c%r+e&t=ü-and-more';
const odd: Client = { ...demo, client_id: ODD_ID, secretHash: hashSecret(ODD_SECRET) };
const CLIENTS: ReadonlyMap<string, Client> = new Map(
  [demo, ...others, odd].map((client) => [client.client_id, client]),
);

const REFUSED = {
  code: 'invalid_client',
  status: 401,
  message: 'The client could not be authenticated',
};
const TWICE = {
  code: 'invalid_request',
  status: 400,
  message: 'The client authenticates in more than one way',
};

function authenticate(
  { fields = {}, form = {} }: { fields?: FieldLines; form?: Form },
  policy: Policy = POLICIES.default,
): Promise<Client> {
  const clock = createTestClock();
  return createClientAuthentication({
    clients: { find: async (id) => CLIENTS.get(id) },
    policy,
    issuer: 'https://as.example',
    endpointUrls: [],
    replay: createMemoryReplayStore({ clock }),
    clock,
  })(testRequest(fields), form);
}

const secretOf = (id: string) => `demo-secret-of-${id}`;
const basic = (id: string, secret = secretOf(id)) => ({
  authorization: basicCredentials(id, secret),
});
const raw = (pair: string, scheme = 'Basic') => ({
  authorization: `${scheme} ${Buffer.from(pair).toString('base64')}`,
});
const post = (id: string, secret = secretOf(id)) => ({ client_id: id, client_secret: secret });

describe('client authentication', () => {
  it.each([
    ['client_secret_basic', { fields: basic('notes-jwt') }, 'notes-jwt'],
    [
      'the same client_id beside it',
      { fields: basic('notes-jwt'), form: { client_id: 'notes-jwt' } },
      'notes-jwt',
    ],
    [
      'the scheme in capitals',
      { fields: raw('notes-jwt:demo-secret-of-notes-jwt', 'BASIC') },
      'notes-jwt',
    ],
    ['parts that need encoding (RFC 6749 §2.3.1)', { fields: basic(ODD_ID, ODD_SECRET) }, ODD_ID],
    ['client_secret_post', { form: post('notes-web-post') }, 'notes-web-post'],
    ['a public client by its name', { form: { client_id: 'notes-app' } }, 'notes-app'],
  ])('%s → the client', async (_name, request, id) => {
    expect((await authenticate(request)).client_id).toBe(id);
  });

  it.each([
    ['nothing', {}],
    ['a secret without a name', { form: { client_secret: 'demo-secret-of-notes-web-post' } }],
    ['Basic: a wrong secret', { fields: basic('notes-jwt', 'wrong') }],
    ['Basic: another client’s secret', { fields: basic('notes-jwt', secretOf('notes-web')) }],
    ['Basic: no secret', { fields: raw('notes-jwt:') }],
    ['Basic: the hash for the secret', { fields: basic('notes-jwt', demo.secretHash) }],
    ['Basic: an unknown client', { fields: basic('nobody') }],
    ['Basic: a client of client_secret_post', { fields: basic('notes-web-post') }],
    ['Basic: a public client', { fields: basic('notes-app') }],
    ['Basic: a public client without a secret', { fields: raw('notes-app:') }],
    ['Basic: parts that are not encoded', { fields: raw(`${ODD_ID}:${ODD_SECRET}`) }],
    ['Basic: a bad percent sign', { fields: raw('notes-jwt:%zz') }],
    ['Basic: no colon', { fields: raw('notes-jwt') }],
    ['Basic: no base64', { fields: { authorization: 'Basic notes-jwt:secret' } }],
    ['Basic: no credentials', { fields: { authorization: 'Basic' } }],
    [
      'another scheme',
      { fields: { authorization: 'Bearer token' }, form: { client_id: 'notes-app' } },
    ],
    ['form: a wrong secret', { form: post('notes-web-post', 'wrong') }],
    ['form: an unknown client', { form: post('nobody') }],
    ['form: a client of client_secret_basic', { form: post('notes-jwt') }],
    ['form: a secret for a public client', { form: post('notes-app') }],
    ['name alone: a confidential client', { form: { client_id: 'notes-jwt' } }],
    ['name alone: an unknown client', { form: { client_id: 'nobody' } }],
    [
      'a type of assertion without one',
      { form: { client_id: 'notes-app', client_assertion_type: 'x' } },
    ],
  ])('%s → 401 invalid_client [OAUTH-5.2-01]', async (_name, request) => {
    await expect(authenticate(request)).rejects.toMatchObject(REFUSED);
  });

  const { authorization } = basic('notes-jwt');
  it.each([
    ['two Authorization fields', { fields: { authorization: [authorization, authorization] } }],
    ['Basic and a secret in the form', { fields: basic('notes-jwt'), form: post('notes-jwt') }],
    ['Basic and an assertion', { fields: basic('notes-jwt'), form: { client_assertion: 'x' } }],
    [
      'Basic and a type of assertion',
      { fields: basic('notes-jwt'), form: { client_assertion_type: 'x' } },
    ],
    ['a secret and an assertion', { form: { ...post('notes-web-post'), client_assertion: 'x' } }],
    [
      'another scheme and a secret in the form',
      { fields: { authorization: 'Bearer token' }, form: post('notes-web-post') },
    ],
  ])('%s → 400 invalid_request', async (_name, request) => {
    await expect(authenticate(request)).rejects.toMatchObject(TWICE);
  });

  it('Basic and the name of another client → 400 invalid_request', async () => {
    const request = { fields: basic('notes-jwt'), form: { client_id: 'notes-web' } };
    await expect(authenticate(request)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'client_id names another client',
    });
  });

  it.each([
    ['client_secret_basic', { fields: basic('notes-jwt') }],
    ['client_secret_post', { form: post('notes-web-post') }],
    ['a public client', { form: { client_id: 'notes-app' } }],
  ])(
    '%s under FAPI 2.0 → invalid_client [FAPI-5.3.2.1-01] [FAPI-5.3.2.1-02]',
    async (_name, request) => {
      await expect(authenticate(request, POLICIES.fapi)).rejects.toMatchObject(REFUSED);
    },
  );

  it('a registry that fails → its error, and no invalid_client', async () => {
    const clock = createTestClock();
    const outage = new Error('the database is gone');
    const failing = createClientAuthentication({
      clients: { find: () => Promise.reject(outage) },
      policy: POLICIES.default,
      issuer: 'https://as.example',
      endpointUrls: [],
      replay: createMemoryReplayStore({ clock }),
      clock,
    });
    const error = await failing(testRequest(basic('notes-jwt')), {}).catch((caught) => caught);
    expect(error).toBe(outage);
    expect(isUnavailableError(error)).toBe(false);
  });
});
