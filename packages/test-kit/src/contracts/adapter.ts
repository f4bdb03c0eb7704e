import { describe, expect, it } from 'vitest';
import { RESOURCE } from '../mint.ts';
import { fieldValues } from '../raw-http.ts';
import type { TestSchemes } from '../schemes.ts';
import {
  BEARER_FIELD,
  BOUND,
  type ContractRequest,
  dpopFields,
  expectRefusal,
  NO_CREDENTIALS,
  send,
  UNBOUND,
} from './adapter-requests.ts';
import { GRANTED_ROWS, REFUSED_ROWS } from './adapter-rows.ts';
import { TARGET_ROWS, type TargetSeen } from './adapter-targets.ts';

/** A route the server under test must have, for all methods. */
export interface ContractRoute {
  /** `*` is every path that no other route has. */
  readonly path: string;
  /** Where the framework's own router mounts the route. @defaultValue nowhere, the path is the whole */
  readonly mount?: string;
  readonly access: 'public' | { readonly scopes?: readonly string[] };
  /** The route reads its body as a form, and refuses one with a token beside the header. */
  readonly readsForm?: true;
  /** Given what the adapter knows of the caller, nothing on a public route: what goes out as JSON. May throw. */
  readonly handle: (auth?: unknown) => object;
}

/** The `Cache-Control` that every handler sets by itself. */
export const CACHEABLE = 'public, max-age=60';

/** An authenticator that always throws. */
interface Failing {
  readonly scheme: 'Bearer';
  readonly challenge: readonly [];
  authenticate(): Promise<never>;
}

/** An adapter that makes a web framework ask a guard. */
export interface AdapterUnderTest<Scheme> {
  /** New authenticators; `options` are further ones of `createDpopAuthenticator`. */
  readonly createSchemes: (options?: { readonly mountPrefix?: string }) => TestSchemes<Scheme>;
  /** The outage of a replay store. */
  readonly createOutage: (retryAfterSeconds: number) => Error;
  /**
   * Starts a server with these routes, behind a guard over these authenticators, whose handlers set
   * `Cache-Control` to {@link CACHEABLE}. It ends with the test.
   *
   * @returns its port on 127.0.0.1
   */
  readonly start: (
    authenticators: readonly (Scheme | Failing)[],
    routes: readonly ContractRoute[],
  ) => Promise<number>;
  readonly target: TargetSeen;
}

/** The routes, and which of their handlers ran. */
function createRoutes(): { routes: readonly ContractRoute[]; ran: string[] } {
  const ran: string[] = [];
  const route = (path: string, rest: Omit<ContractRoute, 'path' | 'handle'>): ContractRoute => ({
    path,
    ...rest,
    handle: (auth) => {
      ran.push(path);
      return { auth };
    },
  });
  const throwing = (): never => {
    throw new Error('a bug of the handler');
  };
  return {
    ran,
    routes: [
      route('/public', { access: 'public' }),
      route('/scoped/read', { access: { scopes: ['notes:read'] } }),
      route('/scoped/admin', { access: { scopes: ['admin'] } }),
      route('/form', { access: {}, readsForm: true }),
      { path: '/throwing', access: {}, handle: throwing },
      route('/r', { mount: '/v1', access: {} }),
      route('*', { access: {} }),
    ],
  };
}

function createFailing(error: Error): Failing {
  return { scheme: 'Bearer', challenge: [], authenticate: () => Promise.reject(error) };
}

/** The tests every adapter must pass. Call it at the top of a test file. */
export function adapterContract<Scheme>(name: string, adapter: AdapterUnderTest<Scheme>): void {
  const { createSchemes, createOutage, start, target } = adapter;

  async function startWith(authenticators: readonly (Scheme | Failing)[]) {
    const { routes, ran } = createRoutes();
    const port = await start(authenticators, routes);
    return { ran, ask: (request: ContractRequest) => send(port, request) };
  }

  async function startBoth() {
    const { bearer, dpop } = createSchemes();
    return startWith([bearer, dpop]);
  }

  describe(`the adapter contract, what is refused: ${name}`, () => {
    // Not `it.each`, which shortens names, and with them the requirements they cite.
    for (const { name: title, request, expected } of REFUSED_ROWS) {
      it(title, async () => {
        const { ask, ran } = await startBoth();
        const response = await ask(request);
        expectRefusal(response, expected);
        expect(fieldValues(response, 'dpop-nonce')).toEqual([]);
        expect(ran).toEqual([]);
      });
    }

    it('a proof that was used before → 401, and the handler ran once [DPOP-11.1-P2]', async () => {
      const { ask, ran } = await startBoth();
      const request = { fields: dpopFields() };
      expect((await ask(request)).status).toBe(200);
      expectRefusal(await ask(request), {
        status: 401,
        error: 'invalid_dpop_proof',
        description: 'The DPoP proof has been used before',
        by: 'DPoP',
      });
      expect(ran).toEqual(['*']);
    });

    it('HEAD without credentials → 401 with the fields of GET, and no body', async () => {
      const { ask } = await startBoth();
      const [head, get] = [await ask({ line: 'HEAD /r' }), await ask({})];
      expectRefusal({ ...head, body: get.body }, NO_CREDENTIALS);
      expect(head.body).toBe('');
    });

    it('OPTIONS without credentials → 401 like any other method', async () => {
      const { ask } = await startBoth();
      expectRefusal(await ask({ line: 'OPTIONS /r' }), NO_CREDENTIALS);
    });

    it('one scheme offered, the other one used → 401 in the challenge of the offered one [DPOP-7.1-04, DPOP-7.1-06]', async () => {
      const { dpop } = createSchemes();
      const { ask } = await startWith([dpop]);
      const expected = {
        status: 401,
        error: 'invalid_token',
        description: 'The access token must be presented with the offered scheme',
      };
      expectRefusal(await ask({ fields: [BEARER_FIELD] }), expected, ['DPoP']);
    });
  });

  describe(`the adapter contract, what is granted: ${name}`, () => {
    for (const { name: title, request, scheme } of GRANTED_ROWS) {
      it(`${title} → 200 and who is asking`, async () => {
        const { ask } = await startBoth();
        const response = await ask(request);
        expect(response.status).toBe(200);
        expect(JSON.parse(response.body).auth).toMatchObject({
          scheme,
          claims: { sub: 'alice' },
          scope: ['notes:read', 'notes:write'],
        });
        expect(fieldValues(response, 'www-authenticate')).toEqual([]);
        expect(fieldValues(response, 'dpop-nonce')).toEqual([]);
        expect(fieldValues(response, 'cache-control')).toEqual([CACHEABLE]);
      });
    }

    it('DPoP → the thumbprint that the token is bound to', async () => {
      const { ask } = await startBoth();
      const { auth } = JSON.parse((await ask({ fields: dpopFields() })).body);
      expect(auth.jkt).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(auth.jkt).toBe(auth.claims.cnf.jkt);
    });

    it('HEAD, the proof for it → 200 without body', async () => {
      const { ask } = await startBoth();
      const proven = dpopFields({ claims: { htm: 'HEAD' } });
      const { status, body } = await ask({ line: 'HEAD /r', fields: proven });
      expect([status, body]).toEqual([200, '']);
    });

    it('a public route → 200, with any credentials and with none', async () => {
      const { ask, ran } = await startBoth();
      const line = 'GET /public';
      const bad = ['Authorization: Bearer x', 'Authorization: "'];
      for (const fields of [[], bad]) {
        const { status, body } = await ask({ line, fields });
        expect([status, body]).toEqual([200, '{}']);
      }
      expect(ran).toEqual(['/public', '/public']);
    });
  });

  describe(`the adapter contract, the target URI: ${name}`, () => {
    for (const { name: title, line, host, fields = [], htu, status } of TARGET_ROWS) {
      const expected = typeof status === 'number' ? status : status[target];
      it(`${title} → ${expected}`, async () => {
        const { ask } = await startBoth();
        const proven = [...fields, ...dpopFields({ claims: { htu } })];
        const response = await ask({ line, ...(host !== undefined && { host }), fields: proven });
        expect(response.status).toBe(expected);
        expect(response.body).not.toContain('evil');
      });
    }

    it("a prefix that a proxy strips counts, one of the framework's own does already [URI-13]", async () => {
      const { dpop } = createSchemes({ mountPrefix: '/api' });
      const { ask } = await startWith([dpop]);
      const proven = (path: string) => dpopFields({ claims: { htu: `${RESOURCE}${path}` } });
      const line = 'GET /v1/r';
      expect((await ask({ line, fields: proven('/api/v1/r') })).status).toBe(200);
      expect((await ask({ line, fields: proven('/v1/r') })).status).toBe(401);
    });
  });

  describe(`the adapter contract, nonces: ${name}`, () => {
    it('every refusal carries exactly one DPoP-Nonce and is not cacheable [DPOP-8-03, DPOP-9-01]', async () => {
      const { ask } = await startWith([createSchemes().dpopWithNonce]);
      for (const fields of [[], dpopFields(), ['Authorization: DPoP x', 'DPoP: y']]) {
        const response = await ask({ fields });
        expect(response.status).toBe(401);
        expect(fieldValues(response, 'dpop-nonce')).toHaveLength(1);
        expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
      }
    });

    it('a missing nonce → 401 use_dpop_nonce; with the nonce from it → 200 [DPOP-9-01]', async () => {
      const { ask } = await startWith([createSchemes().dpopWithNonce]);
      const challenged = await ask({ fields: dpopFields() });
      const expected = {
        status: 401,
        error: 'use_dpop_nonce',
        description: 'The DPoP proof must contain the nonce of the server',
      };
      expectRefusal(challenged, expected, ['DPoP']);
      const [nonce] = fieldValues(challenged, 'dpop-nonce');
      const accepted = await ask({ fields: dpopFields({ claims: { nonce } }) });
      expect(accepted.status).toBe(200);
      expect(fieldValues(accepted, 'dpop-nonce')).toEqual([]);
      expect(fieldValues(accepted, 'cache-control')).toEqual([CACHEABLE]);
    });

    it.each([
      ['a good answer', '/r', 200],
      ['the answer to an error of the handler', '/throwing', 500],
    ])(
      'the nonce of the step before → %s carries a new one, uncacheable whatever the handler says [DPOP-8-05, DPOP-8.2-02]',
      async (_name, path, status) => {
        const { dpopWithNonce, nonces, clock } = createSchemes();
        const { ask } = await startWith([dpopWithNonce]);
        const nonce = await nonces.current();
        clock.advance(120);
        const claims = { nonce, iat: clock(), htu: `${RESOURCE}${path}` };
        const response = await ask({ line: `GET ${path}`, fields: dpopFields({ claims }) });
        expect(response.status).toBe(status);
        expect(fieldValues(response, 'dpop-nonce')).toEqual([await nonces.current()]);
        expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
      },
    );
  });

  describe(`the adapter contract, forms and faults: ${name}`, () => {
    const form = (body: string): ContractRequest => ({
      line: 'POST /form',
      fields: [BEARER_FIELD, 'Content-Type: application/x-www-form-urlencoded'],
      body,
    });

    it('a token in the header and in the form → 400, and the handler does not run [BEARER-2-02]', async () => {
      const { ask, ran } = await startBoth();
      expectRefusal(await ask(form(`text=hello&access_token=${UNBOUND}`)), {
        status: 400,
        error: 'invalid_request',
        description: 'The request carries more than one access token',
      });
      expect(ran).toEqual([]);
      expect((await ask(form('text=hello'))).status).toBe(200);
      expect(ran).toEqual(['/form']);
    });

    it('the same with the content type in other letters → 400 as well', async () => {
      const { ask, ran } = await startBoth();
      const fields = [BEARER_FIELD, 'Content-Type: Application/X-WWW-Form-Urlencoded'];
      const request = { ...form(`access_token=${UNBOUND}`), fields };
      expect((await ask(request)).status).toBe(400);
      expect(ran).toEqual([]);
    });

    it('a token in the form alone → 401 without error', async () => {
      const { ask, ran } = await startBoth();
      const { fields, ...rest } = form(`access_token=${UNBOUND}`);
      expectRefusal(await ask({ ...rest, fields: fields?.slice(1) ?? [] }), NO_CREDENTIALS);
      expect(ran).toEqual([]);
    });

    it('a store that is out of reach → 503 with Retry-After and no challenge [DPOP-11.1-P3]', async () => {
      const { ask, ran } = await startWith([createFailing(createOutage(7))]);
      const response = await ask({ fields: ['Authorization: Bearer x'] });
      expect(response.status).toBe(503);
      expect(fieldValues(response, 'retry-after')).toEqual(['7']);
      expect(fieldValues(response, 'www-authenticate')).toEqual([]);
      expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
      expect(JSON.parse(response.body)).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'The request cannot be checked at the moment',
      });
      expect(ran).toEqual([]);
    });

    it("an error that is neither → the framework's own 500, and the handler does not run [DPOP-7.1-03]", async () => {
      const { ask, ran } = await startWith([createFailing(new Error('a bug'))]);
      const response = await ask({ fields: [`Authorization: DPoP ${BOUND}`] });
      expect(response.status).toBe(401); // no such scheme here, so the bug is not met
      const failed = await ask({ fields: ['Authorization: Bearer x'] });
      expect(failed.status).toBe(500);
      expect(fieldValues(failed, 'www-authenticate')).toEqual([]);
      expect(ran).toEqual([]);
    });

    it("an error of the handler → the framework's own 500", async () => {
      const { ask } = await startBoth();
      const response = await ask({ line: 'GET /throwing', fields: [BEARER_FIELD] });
      expect(response.status).toBe(500);
      expect(fieldValues(response, 'www-authenticate')).toEqual([]);
    });
  });
}
