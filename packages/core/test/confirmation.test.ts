import { KEYS, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { parseConfirmation } from '../src/token/confirmation.ts';
import { outcome } from './support.ts';
import { UNSUPPORTED_CNF } from './unsupported-cnf.ts';

const JKT = thumbprint(KEYS.alice.publicJwk);

describe('parseConfirmation', () => {
  it.each(UNSUPPORTED_CNF)(
    'cnf %s → 401 invalid_token, never taken for unbound [DPOP-6.1-P1] [MTLS-3-01]',
    async (_name, cnf) => {
      expect(await outcome(() => parseConfirmation(cnf))).toEqual({
        reason: 'confirmation_unsupported',
        code: 'invalid_token',
        facts: {},
      });
    },
  );

  it('no cnf → not bound [DPOP-6-01]', () => {
    expect(parseConfirmation(undefined)).toBeUndefined();
  });

  it.each([
    ['jkt alone', { jkt: JKT }],
    ['jkt and an unknown member', { jkt: JKT, foo: 1 }],
  ])('%s → bound to that key and nothing else told [DPOP-6.1-01]', (_name, cnf) => {
    expect(parseConfirmation(cnf)).toEqual({ jkt: JKT });
  });
});
