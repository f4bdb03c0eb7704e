import { NOW, RESOURCE } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createVerifiedToken } from '../src/token/verified-token.ts';
import { outcome } from './support.ts';

const HASH = (): string => 'the hash of its text';
const EXPECTED = { audience: RESOURCE, leewaySeconds: 5, now: NOW };

describe('createVerifiedToken, whatever its verifier has checked before', () => {
  it.each(['iss', 'sub', 'client_id', 'jti', 'scope'])(
    '%s that is no text → token_claims_invalid [ATJWT-2.2-01]',
    async (claim) => {
      const claims = { aud: RESOURCE, [claim]: 7 };
      expect(await outcome(() => createVerifiedToken(claims, HASH, EXPECTED))).toEqual({
        reason: 'token_claims_invalid',
        code: 'invalid_token',
        facts: { claim },
      });
    },
  );

  it('nothing but the audience → accepted without scope, expiry and confirmation', () => {
    expect(createVerifiedToken({ aud: RESOURCE }, HASH, EXPECTED)).toStrictEqual({
      claims: { aud: RESOURCE },
      scope: [],
      confirmation: undefined,
      expiresAt: undefined,
      hash: HASH,
    });
  });

  it('no audience → token_audience_mismatch [ATJWT-4-03]', async () => {
    expect(await outcome(() => createVerifiedToken({}, HASH, EXPECTED))).toEqual({
      reason: 'token_audience_mismatch',
      code: 'invalid_token',
      facts: { expected: RESOURCE },
    });
  });
});
