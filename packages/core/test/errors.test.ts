import { describe, expect, it } from 'vitest';
import {
  AUTH_REASONS,
  AuthError,
  isAuthError,
  isUnavailableError,
  UnavailableError,
} from '../src/index.ts';

describe('AuthError', () => {
  it('a reason → its code, its constant sentence, no facts and no cause', () => {
    const error = new AuthError('token_expired');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'AuthError',
      brand: 'keybound.AuthError',
      reason: 'token_expired',
      code: 'invalid_token',
      message: AUTH_REASONS.token_expired.description,
      facts: {},
    });
    expect('cause' in error).toBe(false);
  });

  it('facts and cause → kept on the error, the sentence stays as it is', () => {
    const cause = new Error('inner');
    const error = new AuthError('htu_mismatch', { facts: { received: 'x"y' }, cause });
    expect(error.facts).toEqual({ received: 'x"y' });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe(AUTH_REASONS.htu_mismatch.description);
  });

  it('long texts as facts, in lists too → cut to 300 characters; other values stay', () => {
    const long = 'x'.repeat(301);
    const { facts } = new AuthError('htu_mismatch', {
      facts: { text: long, list: [long, 'y'], skew: 1.5, flag: true, none: undefined },
    });
    expect(facts).toEqual({
      text: 'x'.repeat(300),
      list: ['x'.repeat(300), 'y'],
      skew: 1.5,
      flag: true,
      none: undefined,
    });
  });

  it('facts → a frozen copy', () => {
    const given = { skew: 1 };
    const error = new AuthError('proof_expired', { facts: given });
    given.skew = 2;
    expect(error.facts).toEqual({ skew: 1 });
    expect(Object.isFrozen(error.facts)).toBe(true);
  });
});

describe('UnavailableError', () => {
  it('a component and a message → 5 seconds until the next try, no cause', () => {
    const error = new UnavailableError('replay_store', 'the store is full');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'UnavailableError',
      brand: 'keybound.UnavailableError',
      component: 'replay_store',
      message: 'the store is full',
      retryAfterSeconds: 5,
    });
    expect('cause' in error).toBe(false);
  });

  it('a cause and a time with a fraction → cause kept, time rounded up for Retry-After', () => {
    const cause = new Error('inner');
    const error = new UnavailableError('introspection', 'x', { cause, retryAfterSeconds: 0.2 });
    expect(error.cause).toBe(cause);
    expect(error.retryAfterSeconds).toBe(1);
  });
});

describe('isAuthError and isUnavailableError', () => {
  const auth = new AuthError('token_expired');
  const unavailable = new UnavailableError('issuer_keys', 'x');

  it.each([
    ['an AuthError', auth, true, false],
    ['an UnavailableError', unavailable, false, true],
    ['an AuthError of another copy', { brand: 'keybound.AuthError' }, true, false],
    ['an UnavailableError of another copy', { brand: 'keybound.UnavailableError' }, false, true],
    [
      'another error of the same name',
      Object.assign(new Error(), { name: 'AuthError' }),
      false,
      false,
    ],
    ['another brand', { brand: 'keybound.OtherError' }, false, false],
    ['an error with the fitting message', new Error('keybound.AuthError'), false, false],
    ['the brand alone', 'keybound.AuthError', false, false],
    ['null', null, false, false],
    ['undefined', undefined, false, false],
    ['an empty object', {}, false, false],
  ])('%s → recognised by its brand alone (%#)', (_name, value, isAuth, isUnavailable) => {
    expect(isAuthError(value)).toBe(isAuth);
    expect(isUnavailableError(value)).toBe(isUnavailable);
  });
});
