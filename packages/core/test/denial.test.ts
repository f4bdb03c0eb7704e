import { describe, expect, it } from 'vitest';
import { denyAtResource, type RefusedAt } from '../src/guard/denial.ts';
import {
  AUTH_REASONS,
  AuthError,
  type AuthReason,
  denyAtTokenEndpoint,
  UnavailableError,
} from '../src/index.ts';
import { parseChallenge } from './parse-challenge.ts';

const OFFERED = [
  { scheme: 'Bearer', parameters: [['realm', 'api']] },
  {
    scheme: 'DPoP',
    parameters: [
      ['realm', 'api'],
      ['algs', 'ES256 EdDSA'],
    ],
  },
] as const;
const AT: RefusedAt = { offered: OFFERED, used: 'DPoP', scopes: [], headers: [] };
const REASONS = Object.keys(AUTH_REASONS) as AuthReason[];

describe('denyAtResource', () => {
  it.each<[AuthReason, number]>([
    ['credentials_missing', 401],
    ['credentials_repeated', 400],
    ['token_expired', 401],
    ['scope_insufficient', 403],
    ['htu_mismatch', 401],
    ['nonce_stale', 401],
  ])('%s → status %i [SEP1932-RS-01] [BEARER-3.1-03]', (reason, status) => {
    expect(denyAtResource(new AuthError(reason), AT).status).toBe(status);
  });

  it('an error of the used scheme → only in its challenge, the body says the same [DPOP-7.2-03]', () => {
    expect(denyAtResource(new AuthError('htu_mismatch'), AT)).toEqual({
      status: 401,
      headers: [
        ['www-authenticate', 'Bearer realm="api"'],
        [
          'www-authenticate',
          'DPoP realm="api", algs="ES256 EdDSA", error="invalid_dpop_proof", error_description="The DPoP proof was made for another URI"',
        ],
        ['cache-control', 'no-store'],
      ],
      body: {
        error: 'invalid_dpop_proof',
        error_description: 'The DPoP proof was made for another URI',
      },
    });
  });

  it('further fields → behind the others', () => {
    const { headers } = denyAtResource(new AuthError('nonce_missing'), {
      ...AT,
      headers: [['dpop-nonce', 'n1']],
    });
    expect(headers.slice(2)).toEqual([
      ['cache-control', 'no-store'],
      ['dpop-nonce', 'n1'],
    ]);
  });

  it('an outage → 503 with Retry-After, no challenge, nothing of its message [DPOP-11.1-P3]', () => {
    const error = new UnavailableError('replay_store', 'redis://user:pw@host is down', {
      retryAfterSeconds: 7,
    });
    expect(denyAtResource(error, { ...AT, headers: [['dpop-nonce', 'n1']] })).toEqual({
      status: 503,
      headers: [
        ['retry-after', '7'],
        ['cache-control', 'no-store'],
      ],
      body: {
        error: 'temporarily_unavailable',
        error_description: 'The request cannot be checked at the moment',
      },
    });
  });

  it.each(REASONS)(
    '%s with hostile facts and cause → readable challenges without a trace of them [BEARER-3-03] [BEARER-3-04]',
    (reason) => {
      const hostile = 'EVIL"\\\r\nSet-Cookie: a=b\u0080';
      const error = new AuthError(reason, {
        facts: { received: hostile },
        cause: new Error(hostile),
      });
      for (const used of ['Bearer', 'DPoP', undefined] as const) {
        const { headers, body } = denyAtResource(error, { ...AT, used, scopes: ['a', 'b:c'] });
        expect(JSON.stringify([headers, body])).not.toContain('EVIL');
        const challenges = headers.filter(([name]) => name === 'www-authenticate');
        expect(challenges).toHaveLength(2);
        for (const [, value] of challenges) {
          expect(value).toMatch(/^[\x20-\x7e]+$/);
          const { scheme, parameters } = parseChallenge(value);
          const told = new Map(parameters);
          const { code, description } = AUTH_REASONS[reason];
          const isTold = code !== undefined && (used === undefined || used === scheme);
          expect(told.get('error')).toBe(isTold ? code : undefined);
          expect(told.get('error_description')).toBe(isTold ? description : undefined);
          expect(told.get('scope')).toBe(code === 'invalid_request' ? undefined : 'a b:c');
        }
      }
    },
  );
});

describe('denyAtTokenEndpoint', () => {
  it.each(REASONS)('%s → 400 and JSON, no challenge [DPOP-5-02] [DPOP-8-01]', (reason) => {
    const { code, description } = AUTH_REASONS[reason];
    expect(denyAtTokenEndpoint(new AuthError(reason))).toStrictEqual({
      status: 400,
      headers: [['cache-control', 'no-store']],
      body: {
        ...(code !== undefined && { error: code }),
        error_description: description,
      },
    });
  });

  it('further fields → go along [DPOP-8-01]', () => {
    const { headers } = denyAtTokenEndpoint(new AuthError('nonce_missing'), [['dpop-nonce', 'n']]);
    expect(headers).toEqual([
      ['cache-control', 'no-store'],
      ['dpop-nonce', 'n'],
    ]);
  });

  it('an outage → 503 with Retry-After', () => {
    expect(denyAtTokenEndpoint(new UnavailableError('replay_store', 'x'))).toEqual({
      status: 503,
      headers: [
        ['retry-after', '5'],
        ['cache-control', 'no-store'],
      ],
      body: {
        error: 'temporarily_unavailable',
        error_description: 'The request cannot be checked at the moment',
      },
    });
  });
});

it('an error whose message was changed on the way → the sentence of the table all the same [BEARER-3-04]', () => {
  const error = Object.assign(new AuthError('token_expired'), { message: 'evil"\r\nX-Evil: 1' });
  for (const denial of [denyAtResource(error, AT), denyAtTokenEndpoint(error)]) {
    expect(JSON.stringify(denial)).not.toContain('vil');
    expect(denial.body.error_description).toBe(AUTH_REASONS.token_expired.description);
  }
});
