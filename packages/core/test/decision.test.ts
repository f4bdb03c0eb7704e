import { testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  AuthError,
  type Authentication,
  type Authenticator,
  createGuard,
  type Decision,
  type GuardOptions,
  type Observation,
  type Requirement,
  UnavailableError,
} from '../src/index.ts';

/** What an authenticator finds out, or throws, for each token of the tests. */
const ANSWERS: Readonly<
  Record<string, (observation: Observation | undefined) => Omit<Authentication, 'headers'>>
> = {
  good: (observation) => {
    if (observation !== undefined) observation.clientId = 'notes-app';
    return { context: BEARER_CONTEXT };
  },
  expired: () => {
    throw new AuthError('token_expired', { facts: { expiredSecondsAgo: 9 } });
  },
  replayed: (observation) => {
    if (observation !== undefined) observation.clientId = 'notes-app';
    throw new AuthError('proof_replayed');
  },
  lost: () => {
    throw new UnavailableError('replay_store', 'connection refused');
  },
  reported: () => ({ context: BEARER_CONTEXT, reported: new AuthError('htu_mismatch') }),
  unsure: () => ({
    context: BEARER_CONTEXT,
    reported: new UnavailableError('replay_store', 'down'),
  }),
};

const BEARER_CONTEXT = {
  scheme: 'Bearer',
  claims: {},
  scope: ['read'],
  expiresAt: undefined,
} as const;

function stub(scheme: 'Bearer' | 'DPoP'): Authenticator {
  return {
    scheme,
    challenge: [],
    async authenticate(_request, token, observation) {
      const answer = ANSWERS[token];
      if (answer === undefined) throw new Error('a fault of ours');
      return { ...answer(observation), headers: [] };
    },
  };
}

/** Each reading is a quarter of a second after the one before. */
function tickingStopwatch(): () => number {
  let seconds = 100;
  return () => {
    seconds += 0.25;
    return seconds;
  };
}

/** What was told of one request. */
async function told(
  authorization: string | undefined,
  requirement?: Requirement,
  options: Partial<GuardOptions> = {},
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  const guard = createGuard({
    authenticators: [stub('Bearer'), stub('DPoP')],
    onDecision: (decision) => decisions.push(decision),
    stopwatch: tickingStopwatch(),
    ...options,
  });
  await guard.decide(
    testRequest(authorization === undefined ? {} : { authorization }),
    requirement,
  );
  return decisions;
}

describe('onDecision', () => {
  const nothing = {
    code: undefined,
    component: undefined,
    reason: undefined,
    reported: undefined,
    seconds: 0.25,
  };
  it.each([
    {
      name: 'a good token → granted, with the client',
      authorization: 'Bearer good',
      decision: { outcome: 'granted', scheme: 'Bearer', clientId: 'notes-app' },
    },
    {
      name: 'a token that has ended → refused, with reason and code',
      authorization: 'Bearer expired',
      decision: {
        outcome: 'refused',
        scheme: 'Bearer',
        reason: 'token_expired',
        code: 'invalid_token',
      },
    },
    {
      name: 'a replayed proof → refused, with the client whose token it was',
      authorization: 'DPoP replayed',
      decision: {
        outcome: 'refused',
        scheme: 'DPoP',
        reason: 'proof_replayed',
        code: 'invalid_dpop_proof',
        clientId: 'notes-app',
      },
    },
    {
      name: 'a store that is down → unavailable, with what failed',
      authorization: 'DPoP lost',
      decision: { outcome: 'unavailable', scheme: 'DPoP', component: 'replay_store' },
    },
    {
      name: 'no credentials → refused without code',
      authorization: undefined,
      decision: { outcome: 'refused', scheme: undefined, reason: 'credentials_missing' },
    },
    {
      name: 'a malformed field → refused without scheme',
      authorization: 'Bearer',
      decision: {
        outcome: 'refused',
        scheme: undefined,
        reason: 'credentials_malformed',
        code: 'invalid_request',
      },
    },
    {
      name: 'a scope the token lacks → refused',
      authorization: 'Bearer good',
      requirement: { scopes: ['write'] },
      decision: {
        outcome: 'refused',
        scheme: 'Bearer',
        reason: 'scope_insufficient',
        code: 'insufficient_scope',
        clientId: 'notes-app',
      },
    },
    {
      name: 'a fault that is merely reported → granted, with its reason',
      authorization: 'DPoP reported',
      decision: { outcome: 'granted', scheme: 'DPoP', reported: 'htu_mismatch' },
    },
    {
      name: 'an outage that is merely reported → granted, with what failed',
      authorization: 'DPoP unsure',
      decision: { outcome: 'granted', scheme: 'DPoP', reported: 'replay_store' },
    },
  ])('$name', async ({ authorization, requirement, decision }) => {
    expect(await told(authorization, requirement)).toEqual([{ ...nothing, ...decision }]);
  });

  it('a refusal found outside the guard → told as well', async () => {
    const decisions: Decision[] = [];
    const guard = createGuard({
      authenticators: [stub('Bearer')],
      onDecision: (decision) => decisions.push(decision),
    });
    await guard.refuse(new AuthError('credentials_repeated'));
    expect(decisions).toEqual([
      {
        ...nothing,
        outcome: 'refused',
        scheme: undefined,
        reason: 'credentials_repeated',
        code: 'invalid_request',
        seconds: 0,
      },
    ]);
  });

  it('a fault of an authenticator that is no refusal → passed on, nothing is told', async () => {
    const decisions: Decision[] = [];
    const guard = createGuard({
      authenticators: [stub('Bearer')],
      onDecision: (decision) => decisions.push(decision),
    });
    const request = testRequest({ authorization: 'Bearer unknown' });
    await expect(guard.decide(request)).rejects.toThrow('a fault of ours');
    expect(decisions).toEqual([]);
  });

  it('a listener that throws → the request fails, a good one as well', async () => {
    const onDecision = (): never => {
      throw new Error('the counter is gone');
    };
    await expect(told('Bearer good', {}, { onDecision })).rejects.toThrow('the counter is gone');
    await expect(told('Bearer expired', {}, { onDecision })).rejects.toThrow('the counter is gone');
  });

  it('a listener that rejects → waited for, and the request fails', async () => {
    const onDecision = () => Promise.reject(new Error('the counter is gone'));
    await expect(told('Bearer good', {}, { onDecision })).rejects.toThrow('the counter is gone');
    await expect(told(undefined, {}, { onDecision })).rejects.toThrow('the counter is gone');
    const guard = createGuard({ authenticators: [stub('Bearer')], onDecision });
    await expect(guard.refuse(new AuthError('credentials_repeated'))).rejects.toThrow(
      'the counter is gone',
    );
  });

  it('without a stopwatch of its own → seconds of the runtime', async () => {
    const decisions: Decision[] = [];
    const guard = createGuard({
      authenticators: [stub('Bearer')],
      onDecision: (decision) => decisions.push(decision),
    });
    const from = performance.now();
    await guard.decide(testRequest({ authorization: 'Bearer good' }));
    const until = performance.now();
    expect(decisions[0]?.seconds).toBeGreaterThanOrEqual(0);
    expect(decisions[0]?.seconds).toBeLessThanOrEqual((until - from) / 1000);
  });

  it('nobody listens → authenticators are handed nothing to write into', async () => {
    const seen: unknown[] = [];
    const authenticator: Authenticator = {
      scheme: 'Bearer',
      challenge: [],
      async authenticate(...parameters) {
        seen.push(parameters[2]);
        return { context: BEARER_CONTEXT, headers: [] };
      },
    };
    const guard = createGuard({ authenticators: [authenticator] });
    await guard.decide(testRequest({ authorization: 'Bearer good' }));
    expect(seen).toEqual([undefined]);
  });

  it.each([
    ['onDecision', { onDecision: 'log' }],
    ['stopwatch', { stopwatch: 0 }],
  ])('%s that is no function → TypeError that names it', (name, options) => {
    const build = () =>
      createGuard({
        authenticators: [stub('Bearer')],
        ...(options as unknown as Partial<GuardOptions>),
      });
    expect(build).toThrow(TypeError);
    expect(build).toThrow(`${name}: give a function`);
  });
});
