import { randomUUID } from 'node:crypto';
import {
  type ReplayAnswer,
  type ReplayRecord,
  type ReplayStore,
  UnavailableError,
} from '@keybound/core';
import { createMemoryReplayStore } from '@keybound/dpop';
import {
  createTestClock,
  type JsonOrText,
  KEYS,
  keySet,
  NOW,
  sha256,
  signJws,
  type TestKey,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createClientAuthentication } from '../../src/clients/authenticate-client.ts';
import type { Client } from '../../src/clients/client.ts';
import { demoClients } from '../../src/clients/demo-clients.ts';
import type { Form } from '../../src/form.ts';
import { POLICIES, type Policy } from '../../src/policy.ts';

const ISSUER = 'https://as.example';
const TOKEN_ENDPOINT = `${ISSUER}/token`;
const PAR_ENDPOINT = `${ISSUER}/par`;
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const [demo] = demoClients([]);
if (demo === undefined) throw new Error('there are demo clients');
const SIGNING = {
  ...demo,
  token_endpoint_auth_method: 'private_key_jwt',
  secretHash: undefined,
} as const;
const ALL_KEYS = keySet(
  KEYS.alice,
  KEYS.alice384,
  KEYS.alice521,
  KEYS.aliceRsa,
  KEYS.aliceEd25519,
  KEYS.issuerRsa,
);
const CLIENTS: ReadonlyMap<string, Client> = new Map<string, Client>([
  ['signer', { ...SIGNING, client_id: 'signer', jwks: keySet(KEYS.alice) }],
  ['many', { ...SIGNING, client_id: 'many', jwks: ALL_KEYS }],
  ['rsa', { ...SIGNING, client_id: 'rsa', jwks: { keys: [KEYS.aliceRsa.publicJwk] } }],
  ['keyless', { ...SIGNING, client_id: 'keyless' }],
  ['secret', { ...demo, client_id: 'secret', jwks: keySet(KEYS.alice) }],
]);

interface AssertionOverrides {
  readonly key?: TestKey;
  readonly alg?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly payloadText?: string;
}

function mintAssertion({ key = KEYS.alice, ...overrides }: AssertionOverrides = {}): string {
  const alg = overrides.alg ?? key.alg;
  const payload: JsonOrText = {
    iss: 'signer',
    sub: 'signer',
    aud: ISSUER,
    iat: NOW,
    exp: NOW + 60,
    jti: randomUUID(),
    ...overrides.claims,
  };
  return signJws({
    header: { alg, kid: key.kid, ...overrides.header },
    payload: overrides.payloadText ?? payload,
    alg,
    key: key.privateKey,
  });
}

function setup({
  policy = POLICIES.default,
  ...options
}: {
  policy?: Policy;
  replay?: ReplayStore;
} = {}) {
  const clock = createTestClock();
  const authenticateClient = createClientAuthentication({
    clients: { find: async (id) => CLIENTS.get(id) },
    policy,
    issuer: ISSUER,
    endpointUrls: [TOKEN_ENDPOINT, PAR_ENDPOINT],
    replay: options.replay ?? createMemoryReplayStore({ clock }),
    clock,
  });
  const authenticate = (assertion: string, form: Form = {}): Promise<Client> =>
    authenticateClient(testRequest(), {
      client_assertion: assertion,
      client_assertion_type: TYPE,
      ...form,
    });
  return { authenticate, clock };
}

const refused = (message = 'The client could not be authenticated') => ({
  code: 'invalid_client',
  status: 401,
  message,
});
const NOT_FOR_US = refused('The client assertion is not for this server alone');
const FROM_FUTURE = refused('The client assertion is from the future');
const EXPIRED = refused('The client assertion has expired');
const TOO_LONG = refused('The client assertion lives too long');
const NO_EXP = refused('The client assertion has no usable exp');
const NO_JTI = refused('The client assertion has no usable jti');
const USED = refused('The client assertion was used before');

describe('a client assertion', () => {
  it.each<[string, AssertionOverrides, Form?]>([
    ['the usual one', {}],
    ['with client_id beside it', {}, { client_id: 'signer' }],
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['typ application/jwt', { header: { typ: 'application/jwt' } }],
    ['typ client-authentication+jwt', { header: { typ: 'client-authentication+jwt' } }],
    ['no kid', { header: { kid: undefined } }],
    ['no iat', { claims: { iat: undefined } }],
    ['the audience in a list of one', { claims: { aud: [ISSUER] } }],
    ['ten minutes of life', { claims: { exp: NOW + 600 } }],
    ['ten minutes of life by a fast clock', { claims: { iat: NOW + 60, exp: NOW + 660 } }],
    ['its last second', { claims: { exp: NOW + 1 } }],
    ['a jti of 256 characters', { claims: { jti: 'j'.repeat(256) } }],
    ['a claim that nobody knows', { claims: { foo: 1 } }],
  ])('%s → the client [FAPI-5.3.2.1-02]', async (_name, overrides, form) => {
    const { authenticate } = setup();
    expect((await authenticate(mintAssertion(overrides), form)).client_id).toBe('signer');
  });

  it.each<[string, TestKey, string?]>([
    ['ES256', KEYS.alice],
    ['ES384', KEYS.alice384],
    ['ES512', KEYS.alice521],
    ['PS256', KEYS.aliceRsa],
    ['RS256', KEYS.issuerRsa],
    ['Ed25519', KEYS.aliceEd25519],
    ['EdDSA', KEYS.aliceEd25519, 'EdDSA'],
  ])('signed with %s → the client', async (_name, key, alg = key.alg) => {
    const { authenticate } = setup();
    const claims = { iss: 'many', sub: 'many' };
    expect((await authenticate(mintAssertion({ key, alg, claims }))).client_id).toBe('many');
  });

  it.each<[string, string | AssertionOverrides, Form?]>([
    ['no JWT', 'x'],
    ['two parts', mintAssertion().split('.').slice(0, 2).join('.')],
    ['five parts', `${mintAssertion()}..`],
    ['padding', `${mintAssertion()}=`],
    ['more than 8192 characters', { claims: { foo: 'x'.repeat(8192) } }],
    [
      'another type',
      {},
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ],
    ['the type in capitals', {}, { client_assertion_type: TYPE.toUpperCase() }],
    ['no type', {}, { client_assertion_type: undefined }],
    ['no assertion', {}, { client_assertion: undefined }],
    ['a type for access tokens [JWTBCP-3.12-01]', { header: { typ: 'at+jwt' } }],
    ['a type for proofs [JWTBCP-3.12-01]', { header: { typ: 'dpop+jwt' } }],
    [
      'a type for proofs, written out [JWTBCP-3.12-01]',
      { header: { typ: 'application/dpop+jwt' } },
    ],
    ['a type that is a number', { header: { typ: 1 } }],
    ['crit', { header: { crit: ['exp'] } }],
    ['b64', { header: { b64: false } }],
    ['alg none', { header: { alg: 'none' } }],
    ['alg HS256', { header: { alg: 'HS256' } }],
    ['alg in lower case', { header: { alg: 'es256' } }],
    ['an algorithm the key is not for', { header: { alg: 'ES384' } }],
    ['a kid of no key', { header: { kid: 'other' } }],
    ['another key', { key: KEYS.mallory, header: { kid: 'alice' } }],
    [
      'a key in the header',
      { key: KEYS.mallory, header: { kid: 'alice', jwk: KEYS.mallory.publicJwk } },
    ],
    ['an unknown client', { claims: { iss: 'nobody', sub: 'nobody' } }],
    ['a client of client_secret_basic', { claims: { iss: 'secret', sub: 'secret' } }],
    ['a client without keys', { claims: { iss: 'keyless', sub: 'keyless' } }],
    ['iss of another client', { claims: { iss: 'many' } }],
    ['sub of another client', { claims: { sub: 'many' } }],
    ['no iss', { claims: { iss: undefined } }],
    ['neither iss nor sub', { claims: { iss: undefined, sub: undefined } }],
    ['iss and sub as lists', { claims: { iss: ['signer'], sub: ['signer'] } }],
    ['client_id of another client', {}, { client_id: 'many' }],
  ])('%s → invalid_client', async (_name, assertion, form) => {
    const { authenticate } = setup();
    const text = typeof assertion === 'string' ? assertion : mintAssertion(assertion);
    await expect(authenticate(text, form)).rejects.toMatchObject(refused());
  });

  it('several keys and none named → invalid_client: nothing is tried out', async () => {
    const claims = { iss: 'many', sub: 'many' };
    const { authenticate } = setup();
    const key = KEYS.issuerRsa;
    await expect(
      authenticate(mintAssertion({ key, claims, header: { kid: 'aliceRsa' } })),
    ).rejects.toMatchObject(refused());
  });

  it.each<[string, unknown, boolean, boolean]>([
    ['the issuer', ISSUER, true, true],
    ['the token endpoint', TOKEN_ENDPOINT, true, false],
    ['the PAR endpoint', PAR_ENDPOINT, true, false],
    ['the issuer in a list', [ISSUER], true, false],
    ['the token endpoint in a list', [TOKEN_ENDPOINT], true, false],
    ['the issuer with a slash', `${ISSUER}/`, false, false],
    ['a part of the issuer', 'https://as', false, false],
    ['another endpoint', `${ISSUER}/jwks`, false, false],
    ['another server', 'https://evil.example', false, false],
    ['another server and this one', ['https://evil.example', ISSUER], false, false],
    ['this one twice', [ISSUER, ISSUER], false, false],
    ['the issuer and the token endpoint', [ISSUER, TOKEN_ENDPOINT], false, false],
    ['an empty list', [], false, false],
    ['nobody', undefined, false, false],
    ['a list in a list', [[ISSUER]], false, false],
  ])(
    'for %s → accepted %j: %s, by FAPI 2.0: %s [PAR-2-01] [FAPI-5.3.2.1-02]',
    async (_name, aud, accepted, acceptedByFapi) => {
      for (const [policy, expected] of [
        [POLICIES.default, accepted],
        [POLICIES.fapi, acceptedByFapi],
      ] as const) {
        const answer = setup({ policy }).authenticate(mintAssertion({ claims: { aud } }));
        if (expected) expect((await answer).client_id).toBe('signer');
        else await expect(answer).rejects.toMatchObject(NOT_FOR_US);
      }
    },
  );

  it('RS256 under FAPI 2.0 → invalid_client; PS256 with the same key → the client [FAPI-5.4-01]', async () => {
    const { authenticate } = setup({ policy: POLICIES.fapi });
    const claims = { iss: 'rsa', sub: 'rsa' };
    const header = { kid: undefined };
    const key = KEYS.aliceRsa;
    const rs256 = mintAssertion({ key, alg: 'RS256', claims, header });
    await expect(authenticate(rs256)).rejects.toMatchObject(refused());
    expect((await authenticate(mintAssertion({ key, claims, header }))).client_id).toBe('rsa');
  });

  it.each<[string, Readonly<Record<string, unknown>>, object]>([
    ['no exp', { exp: undefined }, NO_EXP],
    ['exp as a text', { exp: String(NOW + 60) }, NO_EXP],
    ['exp now', { exp: NOW }, EXPIRED],
    ['exp a second ago', { exp: NOW - 1 }, EXPIRED],
    ['exp in more than eleven minutes', { exp: NOW + 661 }, TOO_LONG],
    ['iat as a text', { iat: 'now' }, FROM_FUTURE],
    ['nbf as a text', { nbf: 'now' }, FROM_FUTURE],
    ['no jti', { jti: undefined }, NO_JTI],
    ['an empty jti', { jti: '' }, NO_JTI],
    ['jti as a number', { jti: 1 }, NO_JTI],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }, NO_JTI],
  ])('%s → invalid_client', async (_name, claims, answer) => {
    await expect(setup().authenticate(mintAssertion({ claims }))).rejects.toMatchObject(answer);
  });

  it('an exp that is no finite number → invalid_client', async () => {
    const payloadText = `{"iss":"signer","sub":"signer","aud":"${ISSUER}","jti":"1","exp":1e999}`;
    await expect(setup().authenticate(mintAssertion({ payloadText }))).rejects.toMatchObject(
      TOO_LONG,
    );
  });

  it.each([
    ['iat', 10, true],
    ['iat', 60, true],
    ['iat', 61, false],
    ['nbf', 10, true],
    ['nbf', 60, true],
    ['nbf', 61, false],
  ])('%s %i s in the future → accepted: %s [FAPI-5.3.2.1-05]', async (claim, ahead, expected) => {
    const claims = { [claim]: NOW + ahead, exp: NOW + 300 };
    const answer = setup({ policy: POLICIES.fapi }).authenticate(mintAssertion({ claims }));
    if (expected) expect((await answer).client_id).toBe('signer');
    else await expect(answer).rejects.toMatchObject(FROM_FUTURE);
  });
});

describe('a policy without private_key_jwt', () => {
  it('a good assertion → invalid_client', async () => {
    const policy: Policy = { ...POLICIES.default, authMethods: ['client_secret_basic', 'none'] };
    await expect(setup({ policy }).authenticate(mintAssertion())).rejects.toMatchObject(refused());
  });
});

describe('an assertion that is used again', () => {
  it('the same one → invalid_client, to its last second', async () => {
    const { authenticate, clock } = setup();
    const assertion = mintAssertion();
    await authenticate(assertion);
    await expect(authenticate(assertion)).rejects.toMatchObject(USED);
    clock.advance(59);
    await expect(authenticate(assertion)).rejects.toMatchObject(USED);
    clock.advance(1);
    await expect(authenticate(assertion)).rejects.toMatchObject(EXPIRED);
  });

  it('twenty at once → one success', async () => {
    const { authenticate } = setup();
    const assertion = mintAssertion();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => authenticate(assertion)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('the same jti of another client → accepted', async () => {
    const { authenticate } = setup();
    await authenticate(mintAssertion({ claims: { jti: '1' } }));
    const other = mintAssertion({ claims: { jti: '1', iss: 'many', sub: 'many' } });
    expect((await authenticate(other)).client_id).toBe('many');
  });

  it('one that is refused → not remembered', async () => {
    const { authenticate } = setup();
    const claims = { jti: '1' };
    const refusals = [{ aud: 'https://evil.example' }, { exp: NOW - 1 }, { nbf: NOW + 61 }];
    for (const more of refusals) {
      await expect(
        authenticate(mintAssertion({ claims: { ...claims, ...more } })),
      ).rejects.toThrow();
    }
    await expect(
      authenticate(mintAssertion({ key: KEYS.mallory, claims, header: { kid: 'alice' } })),
    ).rejects.toMatchObject(refused());
    expect((await authenticate(mintAssertion({ claims }))).client_id).toBe('signer');
  });

  it('its record → outlives it, and is no record of a proof with the same key and jti', async () => {
    const records: ReplayRecord[] = [];
    const add = async (record: ReplayRecord): Promise<ReplayAnswer> => {
      records.push(record);
      return { isNew: true, completeSince: 0 };
    };
    await setup({ replay: { add } }).authenticate(
      mintAssertion({ claims: { jti: '1', exp: NOW + 9.5 } }),
    );
    expect(records).toEqual([
      {
        id: sha256('["client_assertion","signer","1"]'),
        owner: sha256('["client","signer"]'),
        usableFrom: NOW + 9.5 - 660,
        rememberUntil: NOW + 11,
      },
    ]);
    expect(records[0]?.id).not.toBe(sha256(`${thumbprint(KEYS.alice.publicJwk)}.1`));
  });

  it.each([
    [
      'with an outage',
      new UnavailableError('replay_store', 'out of reach', { retryAfterSeconds: 7 }),
    ],
    ['with another error', new Error('connection reset')],
  ])('a store that fails %s → UnavailableError, and no invalid_client', async (_name, cause) => {
    const { authenticate } = setup({ replay: { add: () => Promise.reject(cause) } });
    await expect(authenticate(mintAssertion())).rejects.toMatchObject({
      name: 'UnavailableError',
      component: 'replay_store',
      retryAfterSeconds: cause instanceof UnavailableError ? 7 : 5,
    });
  });

  it('a store that has lost its records since the assertion was usable → UnavailableError', async () => {
    const exp = NOW + 60;
    const answer = async (completeSince: number): Promise<unknown> => {
      const add = async (): Promise<ReplayAnswer> => ({ isNew: true, completeSince });
      return setup({ replay: { add } }).authenticate(mintAssertion({ claims: { exp } }));
    };
    await expect(answer(exp - 659)).rejects.toMatchObject({ component: 'replay_store' });
    await expect(answer(exp - 660)).resolves.toMatchObject({ client_id: 'signer' });
  });

  it('a store that answers when the assertion has expired → invalid_client', async () => {
    const clock: { advance?: (seconds: number) => void } = {};
    const add = async (): Promise<ReplayAnswer> => {
      clock.advance?.(60);
      return { isNew: true, completeSince: 0 };
    };
    const late = setup({ replay: { add } });
    clock.advance = late.clock.advance;
    await expect(late.authenticate(mintAssertion())).rejects.toMatchObject(EXPIRED);
  });
});
