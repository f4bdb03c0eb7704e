import { testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  AuthError,
  type Authenticator,
  createRepeatableGuard,
  type Decision,
  type GuardOptions,
  type HeaderList,
} from '../src/index.ts';
import { outcome } from './support.ts';

/** An authenticator of a class, which counts how often it is asked. */
class Counting implements Authenticator {
  readonly scheme = 'DPoP';
  readonly challenge = [['algs', 'ES256']] as const;
  readonly nonce: string = 'fresh';
  count = 0;
  async authenticate(
    ...[, token, observation]: Parameters<Authenticator['authenticate']>
  ): ReturnType<Authenticator['authenticate']> {
    this.count++;
    if (observation !== undefined) observation.clientId = 'notes-app';
    if (token !== 'good') throw new AuthError('proof_replayed');
    const claims = { iss: 'https://as.example', sub: 'alice', aud: 'x', iat: 1, exp: 2 };
    const context = { scheme: 'DPoP', claims, scope: ['read'], expiresAt: 2, jkt: 'jkt' } as const;
    return { context: context as never, headers: [['dpop-nonce', this.nonce]] };
  }
  async refusalHeaders(): Promise<HeaderList> {
    return [['dpop-nonce', this.nonce]];
  }
}

function setUp(options: Partial<GuardOptions> = {}) {
  const authenticator = new Counting();
  const guard = createRepeatableGuard({ authenticators: [authenticator], ...options });
  return { authenticator, guard };
}

describe('createRepeatableGuard', () => {
  it('the same request object twice → authenticated once, with the same answer', async () => {
    const { authenticator, guard } = setUp();
    const request = testRequest({ authorization: 'DPoP good' });
    const first = await guard.decide(request);
    expect(first).toMatchObject({ granted: true, headers: [['dpop-nonce', 'fresh']] });
    expect(await guard.decide(request)).toEqual(first);
    expect(authenticator.count).toBe(1);
  });

  it('a scope asked for the second time only → 403 in the challenge of the scheme that was used', async () => {
    const { guard } = setUp();
    const request = testRequest({ authorization: 'DPoP good' });
    await guard.decide(request);
    expect(await guard.decide(request, { scopes: ['write'] })).toMatchObject({
      granted: false,
      error: { reason: 'scope_insufficient', facts: { missing: ['write'] } },
      denial: { status: 403 },
    });
  });

  it('a refused request → refused again for the same reason, without being checked again', async () => {
    const { authenticator, guard } = setUp();
    const request = testRequest({ authorization: 'DPoP bad' });
    for (let i = 0; i < 2; i++) {
      expect(await guard.decide(request)).toMatchObject({
        granted: false,
        error: { reason: 'proof_replayed' },
        denial: { headers: expect.arrayContaining([['dpop-nonce', 'fresh']]) },
      });
    }
    expect(authenticator.count).toBe(1);
  });

  it('the same object with another token → authenticated on its own', async () => {
    const { authenticator, guard } = setUp();
    const fields = { authorization: 'DPoP good' };
    const request = testRequest(fields);
    expect((await guard.decide(request)).granted).toBe(true);
    fields.authorization = 'DPoP bad';
    expect((await guard.decide(request)).granted).toBe(false);
    expect(authenticator.count).toBe(2);
  });

  it('a handler that changes what it was given → an error, and the next decision is as the first', async () => {
    const { guard } = setUp();
    const request = testRequest({ authorization: 'DPoP good' });
    const first = await guard.decide(request);
    const auth = first.granted
      ? (first.auth as unknown as { scheme: string; scope: string[] })
      : undefined;
    expect(() => auth?.scope.push('admin')).toThrow(TypeError);
    expect(() => Object.assign(auth ?? {}, { scheme: 'Bearer' })).toThrow(TypeError);
    expect((await guard.decide(request, { scopes: ['admin'] })).granted).toBe(false);
  });

  it('another object, however alike → checked on its own', async () => {
    const { authenticator, guard } = setUp();
    for (let i = 0; i < 2; i++) await guard.decide(testRequest({ authorization: 'DPoP good' }));
    expect(authenticator.count).toBe(2);
  });

  it('two decisions about one request → both are told, with the client', async () => {
    const told: Decision[] = [];
    const { guard } = setUp({ onDecision: (decision) => told.push(decision) });
    const request = testRequest({ authorization: 'DPoP good' });
    await guard.decide(request);
    await guard.decide(request, { scopes: ['write'] });
    expect(told).toMatchObject([
      { outcome: 'granted', clientId: 'notes-app' },
      { outcome: 'refused', clientId: 'notes-app', reason: 'scope_insufficient' },
    ]);
  });

  it('bad options → the TypeError of createGuard', async () => {
    const noList = {} as GuardOptions;
    expect(await outcome(() => createRepeatableGuard(noList))).toEqual({
      typeError: 'authenticators: give a list of authenticators',
    });
  });
});
