import { createGuard, createJwtVerifier, createKeySet, type HeaderList } from '@keybound/core';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintToken,
  RESOURCE,
  testRequest,
} from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBearerAuthenticator } from '../src/index.ts';

const tokens = createJwtVerifier({
  issuer: ISSUER,
  audience: RESOURCE,
  keys: createKeySet(keySet(KEYS.issuer)),
  clock: createTestClock(),
});
const guard = createGuard({ authenticators: [createBearerAuthenticator({ tokens })] });

const TOKEN = mintToken();
const GOOD = `Bearer ${TOKEN}`;

/** The two answers a garbled `Authorization` value may get, and the one for none at all. */
const ANSWERS: Readonly<Record<number, RegExp>> = {
  400: /^Bearer realm="api", error="invalid_request", error_description="[A-Za-z ]+"$/,
  401: /^Bearer realm="api"(, error="invalid_token", error_description="[A-Za-z ]+")?$/,
};

function challengeOf(headers: HeaderList): string {
  expect(headers.map(([name]) => name)).toEqual(['www-authenticate', 'cache-control']);
  return headers[0]?.[1] ?? '';
}

/** Decides and checks that a refusal is one of the known answers, without a trace of the input. */
async function decide(authorization: string | string[], target = '/r'): Promise<boolean> {
  const decision = await guard.decide(testRequest({ authorization }, { target }));
  if (decision.granted) return true;
  const { status, headers, body } = decision.denial;
  expect(challengeOf(headers)).toMatch(ANSWERS[status] ?? /never/);
  const sent = JSON.stringify([headers, body]);
  for (const line of [authorization].flat()) {
    // Shorter texts occur in any sentence.
    for (const part of line.split(/[ .]/)) if (part.length > 12) expect(sent).not.toContain(part);
  }
  return false;
}

describe('guard and bearer authenticator together', () => {
  it('the untouched token → granted', async () => {
    expect(await decide(GOOD)).toBe(true);
  });

  it('a bound token as Bearer → 401 and one challenge with invalid_token [DPOP-7.2-01]', async () => {
    const authorization = `Bearer ${mintToken({ boundTo: KEYS.alice })}`;
    const decision = await guard.decide(testRequest({ authorization }));
    expect(decision).toMatchObject({
      granted: false,
      error: { reason: 'token_bound' },
      denial: {
        status: 401,
        headers: [
          [
            'www-authenticate',
            'Bearer realm="api", error="invalid_token", error_description="The access token is bound to a key and cannot be used as a bearer token"',
          ],
          ['cache-control', 'no-store'],
        ],
        body: { error: 'invalid_token' },
      },
    });
  });

  it('any text as Authorization → refused, nothing of it comes back [BEARER-3-04]', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `Bearer ${text}`),
      fc.base64String().map((text) => `Bearer ${text}`),
      fc
        .tuple(fc.jsonValue(), fc.jsonValue())
        .map((parts) =>
          parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')),
        )
        .map(([header, payload]) => `Bearer ${header}.${payload}.AAAA`),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await decide(text)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('a good value cut short anywhere → refused', async () => {
    for (let length = 0; length < GOOD.length; length++) {
      expect(await decide(GOOD.slice(0, length)), `cut to ${length}`).toBe(false);
    }
  });

  it('a good value with one octet changed, added or taken away → refused unless it is the same value [JOSE-7515-2-P1]', async () => {
    const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const changes = fc
      .tuple(fc.nat(GOOD.length - 1), octet, fc.constantFrom('change', 'add', 'remove'))
      .map(([at, letter, kind]) => {
        const rest = GOOD.slice(kind === 'add' ? at : at + 1);
        return GOOD.slice(0, at) + (kind === 'remove' ? '' : letter) + rest;
      });
    // The scheme is compared without case and may be followed by several blanks.
    const isSame = (text: string): boolean => text.replace(/^bearer +/i, 'Bearer ') === GOOD;
    await fc.assert(
      fc.asyncProperty(changes, async (text) => {
        expect(await decide(text)).toBe(isSame(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('one bit flipped anywhere in a token → refused', async () => {
    for (let at = 0; at < TOKEN.length; at++) {
      const bit = 1 << (at % 7);
      const flipped = String.fromCharCode(TOKEN.charCodeAt(at) ^ bit);
      const token = TOKEN.slice(0, at) + flipped + TOKEN.slice(at + 1);
      expect(await decide(`Bearer ${token}`), `bit ${bit} at ${at}`).toBe(false);
    }
  });

  it('a good value beside any other, or a query token → refused [BEARER-2-02]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.boolean(), async (other, first) => {
        expect(await decide(first ? [other, GOOD] : [GOOD, other])).toBe(false);
        expect(await decide(GOOD, `/r?access_token=${encodeURIComponent(other)}`)).toBe(false);
      }),
    );
  });

  it('a good token under another scheme → refused', async () => {
    for (const scheme of ['DPoP', 'Basic', 'constructor', 'Token', 'JWT']) {
      expect(await decide(`${scheme} ${TOKEN}`)).toBe(false);
    }
  });

  it('kid, iss, aud and sub that hold a header injection → nothing of them comes back [BEARER-3-04]', async () => {
    const evil = 'injected"\\\r\nSet-Cookie: session=stolen';
    const hostile = [
      mintToken({ header: { kid: evil } }),
      mintToken({ header: { typ: evil } }),
      mintToken({ claims: { iss: evil } }),
      mintToken({ claims: { aud: evil } }),
      mintToken({ claims: { sub: evil, exp: 1 } }),
      mintToken({ claims: { cnf: { jkt: evil } } }),
    ];
    for (const token of hostile) {
      const decision = await guard.decide(testRequest({ authorization: `Bearer ${token}` }));
      if (decision.granted) throw new Error('a hostile token was let in');
      const { headers, body } = decision.denial;
      expect(challengeOf(headers)).toMatch(ANSWERS[401] ?? /never/);
      expect(JSON.stringify([headers, body])).not.toMatch(/injected|Cookie|stolen/);
    }
  });
});
