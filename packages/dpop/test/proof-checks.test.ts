import type { AuthReason, ReplayStore } from '@keybound/core';
import {
  createTestClock,
  KEYS,
  mintToken,
  NOW,
  RESOURCE,
  sha256,
  type TestKey,
  thumbprint,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
  type ProofOptions,
} from '../src/index.ts';
import { negateS, resign, split, withTailBits } from './support/forge.ts';
import { ODD_KEYS } from './support/odd-keys.ts';
import { draftFor, type Outcome, PLACES, type Place, RESOURCE_SERVER } from './support/servers.ts';

const { alice, mallory } = KEYS;

/** Everything a fault of the order table may change. */
interface Recipe {
  key: TestKey;
  header: Record<string, unknown>;
  jwk: Record<string, unknown>;
  claims: Record<string, unknown>;
  token: Record<string, unknown>;
  boundTo: TestKey | undefined;
  method: string;
  change: ((proof: string) => string | string[])[];
  spentBefore: boolean;
}

interface Stage {
  readonly reason: AuthReason;
  readonly fault: (recipe: Recipe) => void;
  /** Only a resource server has an access token to check. */
  readonly atResourceOnly?: true;
}

/** The checks in the order of the design (§3); earlier faults win over later ones. */
const STAGES: readonly Stage[] = [
  { reason: 'proof_repeated', fault: (r) => r.change.push((proof) => [proof, proof]) },
  {
    reason: 'proof_too_large',
    fault: (r) => {
      r.claims.filling = 'x'.repeat(9000);
    },
  },
  {
    reason: 'proof_type_mismatch',
    fault: (r) => {
      r.header.typ = 'JWT';
    },
  },
  {
    reason: 'proof_header_unsupported',
    fault: (r) => {
      r.header.crit = ['x'];
    },
  },
  {
    reason: 'proof_algorithm_refused',
    fault: (r) => {
      r.header.alg = 'RS256';
    },
  },
  {
    reason: 'jwk_private',
    fault: (r) => {
      r.jwk.d = 'AA';
    },
  },
  {
    reason: 'key_weak',
    fault: (r) => {
      r.key = ODD_KEYS.rsa1024;
    },
  },
  { reason: 'proof_malformed', fault: (r) => r.change.unshift((proof) => `${proof}=`) },
  {
    reason: 'token_expired',
    fault: (r) => {
      r.token.exp = NOW - 100;
    },
    atResourceOnly: true,
  },
  {
    reason: 'token_not_bound',
    fault: (r) => {
      r.token.cnf = undefined;
    },
    atResourceOnly: true,
  },
  {
    reason: 'key_mismatch',
    fault: (r) => {
      r.boundTo = mallory;
    },
    atResourceOnly: true,
  },
  {
    reason: 'proof_claims_invalid',
    fault: (r) => {
      r.claims.exp = 'soon';
    },
  },
  {
    reason: 'htm_mismatch',
    fault: (r) => {
      r.claims.htm = 'PUT';
    },
  },
  {
    reason: 'htu_mismatch',
    fault: (r) => {
      r.claims.htu = 'https://evil.example/r';
    },
  },
  {
    reason: 'proof_expired',
    fault: (r) => {
      r.claims.iat = NOW - 500;
    },
  },
  {
    reason: 'ath_mismatch',
    fault: (r) => {
      r.claims.ath = sha256('x');
    },
    atResourceOnly: true,
  },
  {
    reason: 'proof_signature_invalid',
    fault: (r) => r.change.unshift((proof) => resign(proof, (s) => s.map((b) => b ^ 1))),
  },
  {
    reason: 'nonce_stale',
    fault: (r) => {
      r.claims.nonce = 'stale';
    },
  },
  {
    reason: 'proof_replayed',
    fault: (r) => {
      r.spentBefore = true;
    },
  },
];

/** Sends one request with these faults; tells what was asked of the store and the token verifier. */
async function sendWith(place: Place, faults: readonly Stage[]) {
  const clock = createTestClock();
  const secrets = (): string[] => ['a secret of the tests, 32 or more chars'];
  const nonces = createNonces({ secrets, server: place.origin, clock });
  const store = createMemoryReplayStore({ clock });
  const server = place.create({ clock, nonces, replay: store });
  const recipe: Recipe = {
    key: alice,
    header: {},
    jwk: {},
    claims: { jti: 'one', nonce: await nonces.current() },
    token: {},
    boundTo: undefined,
    method: place.method,
    change: [],
    spentBefore: false,
  };
  for (const { fault } of faults) fault(recipe);
  const { key } = recipe;
  const token = mintToken({ boundTo: recipe.boundTo ?? key, claims: recipe.token });
  const jwk = { ...key.publicJwk, ...recipe.jwk };
  const claims = { ...place.claims(token), ...recipe.claims };
  let proof: string | string[] = draftFor(place).mint({
    key,
    header: { jwk, ...recipe.header },
    claims,
  });
  for (const change of recipe.change) {
    if (typeof proof === 'string') proof = change(proof);
  }
  if (recipe.spentBefore) {
    const owner = thumbprint(key.publicJwk);
    const times = { usableFrom: NOW - 30, rememberUntil: NOW + 100 };
    await store.add({ id: sha256(`${owner}.one`), owner, ...times });
  }
  return { server, outcome: await server.send({ proof, token }) };
}

describe.each(PLACES)('the order of the checks at the $name', (place) => {
  const stages = STAGES.filter((stage) => place === RESOURCE_SERVER || !stage.atResourceOnly);

  it('no fault → accepted, one token check at a resource server, one record', async () => {
    const { outcome, server } = await sendWith(place, []);
    expect(outcome).toMatchObject({ granted: true });
    expect(server.tokenChecks()).toBe(place === RESOURCE_SERVER ? 1 : 0);
    expect(server.spent).toHaveLength(1);
  });

  it.each(stages)('one fault → $reason', async (stage) => {
    const { outcome } = await sendWith(place, [stage]);
    expect(outcome.reason).toBe(stage.reason);
  });

  const pairs = stages.flatMap((first, i) =>
    stages.slice(i + 1).map((second) => ({ first, second })),
  );
  it.each(pairs)('$first.reason and $second.reason → $first.reason', async ({ first, second }) => {
    const { outcome, server } = await sendWith(place, [first, second]);
    expect(outcome.reason).toBe(first.reason);
    expect(server.spent).toEqual([]);
    const formIsWrong =
      STAGES.indexOf(first) < STAGES.findIndex((s) => s.reason === 'token_expired');
    if (formIsWrong) expect(server.tokenChecks()).toBe(0);
  });

  it('every fault at once → the first', async () => {
    const { outcome, server } = await sendWith(place, stages);
    expect(outcome.reason).toBe('proof_repeated');
    expect(server.spent).toEqual([]);
    expect(server.tokenChecks()).toBe(0);
  });
});

describe.each(PLACES)('replay at the $name', (place) => {
  const mint = (claims: Record<string, unknown> = {}): string =>
    draftFor(place).mint({ claims: { jti: 'one', ...claims } });

  function expectReplayed(outcome: Outcome): void {
    expect(outcome).toMatchObject({ granted: false, reason: 'proof_replayed' });
    expect(outcome.denial).toEqual(place.denial('proof_replayed'));
    expect(outcome.error).toMatchObject({ facts: { jkt: thumbprint(alice.publicJwk) } });
  }

  it('I01 the same bytes twice → invalid_dpop_proof [DPOP-11.1-02]', async () => {
    const server = place.create();
    const proof = mint();
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    expectReplayed(await server.send({ proof }));
  });

  it('a record → a hash of key and jti, the same for every text of the proof [DPOP-11.1-P1, DPOP-11.1-03]', async () => {
    const server = place.create();
    await server.send({ proof: mint({ iat: NOW - 5.5 }) });
    const id = sha256(`${thumbprint(alice.publicJwk)}.one`);
    expect(server.spent).toEqual([
      {
        id,
        owner: thumbprint(alice.publicJwk),
        usableFrom: NOW - 5.5 - 30,
        rememberUntil: NOW - 5 + 60 + 1,
      },
    ]);
  });

  it('the signature respelled as -s → proof_replayed [DPOP-11.1-P1]', async () => {
    const server = place.create();
    const proof = mint();
    const other = resign(proof, negateS);
    expect(await place.create().send({ proof: other })).toMatchObject({ granted: true });
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    expectReplayed(await server.send({ proof: other }));
  });

  it('I02 the signature respelled with unused bits → refused before [DPOP-11.1-P1]', async () => {
    const server = place.create();
    const proof = mint();
    await server.send({ proof });
    const { input, signature } = split(proof);
    const respelled = `${input}.${withTailBits(signature)}`;
    expect(await server.send({ proof: respelled })).toMatchObject({ reason: 'proof_malformed' });
  });

  it.each([
    ['another time and URI', { iat: NOW - 1, htu: `${place.origin}/other` }],
    ['another time', { iat: NOW + 1 }],
  ])('I09 the jti again in a new proof with %s → proof_replayed', async (_case, claims) => {
    const server = place.create();
    await server.send({ proof: mint() });
    const target = 'htu' in claims ? '/other' : place.target;
    expectReplayed(await server.send({ proof: mint(claims), target }));
  });

  it('I08 the jti of another key → accepted', async () => {
    const server = place.create();
    const other = draftFor(place, mallory);
    expect(await server.send({ proof: mint() })).toMatchObject({ granted: true });
    expect(
      await server.send({ proof: other.mint({ claims: { jti: 'one' } }), token: other.token }),
    ).toMatchObject({ granted: true });
  });

  it.each([
    ['the last of 256 characters', `${'j'.repeat(255)}a`, `${'j'.repeat(255)}b`],
    ['what follows U+0000', 'j\0a', 'j\0b'],
    ['case', 'j', 'J'],
    ['U+FFFD for another character', '\ufffd', '\ufffc'],
    ['Unicode normal form', '\u00e9', 'e\u0301'],
  ])('I12 two jtis that differ in %s → two proofs [DPOP-11.1-03]', async (_case, one, other) => {
    const server = place.create();
    expect(await server.send({ proof: mint({ jti: one }) })).toMatchObject({ granted: true });
    expect(await server.send({ proof: mint({ jti: other }) })).toMatchObject({ granted: true });
    expectReplayed(await server.send({ proof: mint({ jti: one }) }));
  });

  it('I04 50 parallel copies → exactly one success [DPOP-11.1-P2]', async () => {
    const server = place.create();
    const proof = mint();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => server.send({ proof })));
    expect(outcomes.filter(({ granted }) => granted)).toHaveLength(1);
    expect(outcomes.filter(({ reason }) => reason === 'proof_replayed')).toHaveLength(49);
  });

  it('I07 invalid proofs with a jti, then a good one with it → accepted [DPOP-11.1-P2]', async () => {
    const server = place.create();
    const bad = [
      resign(mint(), (signature) => signature.map((b) => b ^ 1)),
      mint({ htm: 'PUT' }),
      mint({ htu: 'https://evil.example/' }),
      mint({ iat: NOW - 61 }),
      mint({ exp: NOW }),
    ];
    for (const proof of bad) {
      expect(await server.send({ proof })).toMatchObject({ granted: false });
    }
    expect(await server.send({ proof: mint() })).toMatchObject({ granted: true });
  });

  it('I05 again one second after the window → refused by its time [DPOP-11.1-01]', async () => {
    const server = place.create();
    const proof = mint();
    await server.send({ proof });
    server.clock.advance(61);
    expect(await server.send({ proof })).toMatchObject({ reason: 'proof_expired' });
  });

  it.each([0, 30, 29.5, -59])(
    'I06 iat %s s ahead, sent again every second until long after → never accepted [DPOP-11.1-P2]',
    async (ahead) => {
      const server = place.create();
      const proof = mint({ iat: NOW + ahead });
      expect(await server.send({ proof })).toMatchObject({ granted: true });
      for (let second = 0; second <= 100; second++) {
        server.clock.set(NOW + second);
        // Others keep the store busy, so that it has reason to forget.
        const other = draftFor(place).mint({ claims: { iat: server.clock() } });
        expect(await server.send({ proof: other })).toMatchObject({ granted: true });
        const { granted, reason } = await server.send({ proof });
        expect(granted).toBe(false);
        expect(reason).toBe(NOW + second > NOW + ahead + 60 ? 'proof_expired' : 'proof_replayed');
      }
    },
  );

  it('the store answers so late that it has forgotten the first copy → refused by its time [DPOP-11.1-P2]', async () => {
    const clock = createTestClock();
    const memory = createMemoryReplayStore({ clock });
    let delay = 0;
    const slow: ReplayStore = {
      async add(record) {
        clock.advance(delay);
        return memory.add(record);
      },
    };
    const server = place.create({ clock, replay: slow });
    const proof = mint();
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    clock.set(NOW + 60);
    delay = 5;
    expect(await server.send({ proof })).toMatchObject({ granted: false, reason: 'proof_expired' });
  });

  it("'off-accepting-replays' → the same proof passes until it is too old", async () => {
    const server = place.create({ replay: 'off-accepting-replays' });
    const proof = mint();
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    server.clock.advance(61);
    expect(await server.send({ proof })).toMatchObject({ reason: 'proof_expired' });
  });
});

const UNAVAILABLE = {
  status: 503,
  body: {
    error: 'temporarily_unavailable',
    error_description: 'The request cannot be checked at the moment',
  },
};

describe.each(PLACES)('a replay store that fails, at the $name', (place) => {
  const proof = (): string => draftFor(place).mint();

  it.each([
    ['rejects', () => Promise.reject(new Error('connection lost'))],
    [
      'throws',
      () => {
        throw new Error('connection lost');
      },
    ],
    ['rejects with no error', () => Promise.reject('lost')],
  ] as const)(
    'I10 %s → 503, cause kept, never a 401 [DPOP-11.1-P3, DPOP-7.1-03]',
    async (_case, add) => {
      const outcome = await place.create({ replay: { add } }).send({ proof: proof() });
      expect(outcome.error).toMatchObject({
        name: 'UnavailableError',
        component: 'replay_store',
        message: 'the replay store failed',
      });
      expect(outcome.error?.cause).toBeDefined();
      expect(outcome.denial).toEqual({
        ...UNAVAILABLE,
        headers: [
          ['retry-after', '5'],
          ['cache-control', 'no-store'],
        ],
      });
    },
  );

  it.each([
    undefined,
    null,
    true,
    1,
    'OK',
    '',
    [],
    {},
    { isNew: true },
    { isNew: 'true', completeSince: 0 },
    { isNew: true, completeSince: '0' },
    { isNew: true, completeSince: Number.NaN },
  ])('answers %j → 503, neither accepted nor taken for a replay [DPOP-11.1-P3]', async (answer) => {
    const replay = { add: async () => answer as never };
    const outcome = await place.create({ replay }).send({ proof: proof() });
    expect(outcome).toMatchObject({ granted: false, reason: undefined });
    expect(outcome.error).toMatchObject({
      component: 'replay_store',
      message: 'the replay store gave no answer that can be read',
    });
    expect(outcome.denial).toMatchObject(UNAVAILABLE);
  });

  it('is full → 503 and Retry-After, the live record stays; expired → room again [DPOP-11.1-P3]', async () => {
    const clock = createTestClock();
    // Six records in each of two generations, the first of which takes one only.
    const server = place.create({
      clock,
      replay: createMemoryReplayStore({ clock, maxBytes: 320 }),
    });
    const proofs = Array.from({ length: 7 }, proof);
    for (const one of proofs)
      expect(await server.send({ proof: one })).toMatchObject({ granted: true });
    const outcome = await server.send({ proof: proof() });
    expect(outcome.denial).toEqual({
      ...UNAVAILABLE,
      headers: [
        ['retry-after', '62'],
        ['cache-control', 'no-store'],
      ],
    });
    for (const one of proofs) {
      expect(await server.send({ proof: one })).toMatchObject({ reason: 'proof_replayed' });
    }
    clock.advance(62);
    const later = draftFor(place).mint({ claims: { iat: clock() } });
    expect(await server.send({ proof: later })).toMatchObject({ granted: true });
  });
});

describe.each(PLACES)('facts for logs, at the $name', (place) => {
  const factsOf = async (sent: Parameters<ReturnType<Place['create']>['send']>[0]) => {
    const { error } = await place.create().send(sent);
    return error && 'facts' in error ? error.facts : undefined;
  };
  const mint = (claims: Record<string, unknown>): string => draftFor(place).mint({ claims });

  it.each([
    ['htm', { htm: 'PUT' }, { received: 'PUT', expected: place.method }],
    ['iat', { iat: NOW - 75 }, { ageSeconds: 75, maxAgeSeconds: 60 }],
    ['iat', { iat: NOW + 31 }, { aheadSeconds: 31, maxFutureSeconds: 30 }],
    ['exp', { exp: NOW - 3 }, { expiredSecondsAgo: 3 }],
    ['nbf', { nbf: NOW + 7 }, { validInSeconds: 7 }],
    ['jti', { jti: 1 }, { claim: 'jti' }],
    [
      'htu that cannot be read',
      { htu: 'https://u:secret@evil.example/ü?secret#secret' },
      { received: 'https://evil.example/ü' },
    ],
  ])('a wrong %s → what was measured', async (_claim, claims, facts) => {
    expect(await factsOf({ proof: mint(claims) })).toEqual(facts);
  });

  it('another htu → received and computed target without query, and the forwarded fields that came', async () => {
    const fields = {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=x',
      host: 'evil.example',
    };
    expect(
      await factsOf({ proof: mint({ htu: 'https://EVIL.example/r?secret#secret' }), fields }),
    ).toEqual({
      received: 'https://evil.example/r',
      expected: `${place.origin}${place.target}`,
      untrustedFields: ['forwarded', 'x-forwarded-host'],
    });
  });

  it('another htu and no forwarded field → an empty list', async () => {
    expect(await factsOf({ proof: mint({ htu: 'https://evil.example' }) })).toMatchObject({
      untrustedFields: [],
    });
  });

  it('an algorithm that is not accepted → its name and the list', async () => {
    const proof = draftFor(place).mint({ header: { alg: 'none' } });
    expect(await factsOf({ proof })).toEqual({
      received: 'none',
      accepted: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
    });
    expect(await factsOf({ proof: draftFor(place).mint({ header: { alg: 1 } }) })).toMatchObject({
      received: undefined,
    });
  });

  it('a proof that is too large → its length and nothing of it', async () => {
    expect(await factsOf({ proof: 'x'.repeat(8193) })).toEqual({ chars: 8193 });
  });

  it('any refusal of the order table → no token, proof or nonce among the facts', async () => {
    for (const stage of STAGES) {
      if (stage.atResourceOnly && place !== RESOURCE_SERVER) continue;
      const { outcome } = await sendWith(place, [stage]);
      const facts = JSON.stringify(
        outcome.error && 'facts' in outcome.error && outcome.error.facts,
      );
      expect(facts).not.toMatch(/eyJ|stale/);
      expect(facts).not.toMatch(/[A-Za-z0-9_-]{44}/);
    }
  });
});

describe('options of both verifiers', () => {
  const verifier = (options: Record<string, unknown>) => () =>
    createProofVerifier({
      publicOrigin: RESOURCE,
      replay: 'off-accepting-replays',
      ...options,
    } as ProofOptions);
  const REPLAY = "replay: give a replay store, or 'off-accepting-replays'";

  it.each([
    ['no replay', { replay: undefined }, REPLAY],
    ['replay null', { replay: null }, REPLAY],
    ['replay false', { replay: false }, REPLAY],
    ["replay 'off'", { replay: 'off' }, REPLAY],
    ['replay without add', { replay: {} }, REPLAY],
    ['nonces null', { nonces: null }, 'nonces: give what createNonces returns'],
    ['nonces false', { nonces: false }, 'nonces: give what createNonces returns'],
    ['nonces of another kind', { nonces: {} }, 'nonces: give what createNonces returns'],
    ['an unknown preset', { preset: 'strict' }, 'preset: must be one of default, mcp, fapi'],
    [
      'a preset every object has',
      { preset: 'toString' },
      'preset: must be one of default, mcp, fapi',
    ],
    ['no algorithm', { algorithms: [] }, 'algorithms: give at least one signature algorithm'],
    ['alg none [DPOP-11.6-01]', { algorithms: ['none'] }, 'algorithms: "none" is not one of'],
    ['alg HS256 [DPOP-11.6-01]', { algorithms: ['HS256'] }, 'algorithms: "HS256" is not one of'],
    ['an algorithm twice', { algorithms: ['ES256', 'ES256'] }, 'algorithms: a name occurs twice'],
    ['maxAgeSeconds 601', { maxAgeSeconds: 601 }, 'maxAgeSeconds: must be a number from 1 to 600'],
    ['maxAgeSeconds text', { maxAgeSeconds: '60' }, 'maxAgeSeconds: must be a number'],
    ['maxFutureSeconds -1', { maxFutureSeconds: -1 }, 'maxFutureSeconds: must be a number'],
    ['publicOrigin left out', { publicOrigin: undefined }, 'publicOrigin: undefined'],
    ['a mountPrefix with a slash', { mountPrefix: '/a/' }, 'mountPrefix: give a path such as'],
  ])('%s → TypeError at start-up', (_case, options, message) => {
    expect(verifier(options)).toThrow(TypeError);
    expect(verifier(options)).toThrow(message);
  });

  it('algorithms changed after start-up → nothing changes', () => {
    const algorithms = ['ES256'] as string[];
    const made = verifier({ algorithms })();
    algorithms.push('none');
    expect(made.algorithms).toEqual(['ES256']);
  });

  it('no clock → the clock of the machine', async () => {
    const proofs = verifier({})();
    const claims = { htm: 'GET', htu: `${RESOURCE}/r`, iat: Math.floor(Date.now() / 1000) };
    const proof = draftFor(RESOURCE_SERVER).mint({ claims });
    const request = { method: 'GET', target: '/r', headers: () => [proof] };
    expect(await proofs.verify(request)).toMatchObject({ jkt: thumbprint(alice.publicJwk) });
  });

  it.each([
    ['default', ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA']],
    ['mcp', ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA']],
    ['fapi', ['PS256', 'ES256', 'Ed25519', 'EdDSA']],
  ])(
    'preset %s → its algorithms, told as they are enforced [DPOP-5.1-01]',
    async (preset, algs) => {
      expect(verifier({ preset })().algorithms).toEqual(algs);
      const keys = [alice, KEYS.alice384, KEYS.alice521, KEYS.aliceRsa, KEYS.aliceEd25519];
      for (const key of keys) {
        for (const place of PLACES) {
          const draft = draftFor(place, key);
          const server = place.create({ preset: preset as 'fapi' });
          const { granted } = await server.send({ proof: draft.mint(), token: draft.token });
          expect(granted).toBe(algs.includes(key.alg));
        }
      }
    },
  );
});
