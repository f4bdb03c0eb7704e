import { AUTH_REASONS } from '@keybound/core';
import { sha256, toBase64url } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, payloadOf, split } from './support/forge.ts';
import { draftFor, type Outcome, PLACES, type Place, TOKEN } from './support/servers.ts';

/**
 * A refusal is one of the constant answers of its reason, to the last character: nothing that was
 * received can be in it.
 */
function expectConstant(place: Place, outcome: Outcome): void {
  if (outcome.granted) return;
  const { reason } = outcome;
  if (reason === undefined) throw new Error('an outage, from a request');
  const { code } = AUTH_REASONS[reason];
  if (code === undefined) throw new Error('a request with credentials was taken for one without');
  expect(outcome.denial).toEqual(place.denial(reason));
}

const MARK = 'MARKmarkMARK';
const json = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(MARK, { [MARK]: MARK }, [MARK], -0, 1e308, '\u0000', '\ud83d', 'GET'),
);
/** JSON.stringify would lose what its own parser made of `__proto__`; names are drawn plainly. */
const name = fc.oneof(
  fc.constantFrom('typ', 'alg', 'jwk', 'crit', 'jti', 'htm', 'htu', 'iat', 'ath', 'nonce', 'exp'),
  fc.string(),
);
const character = fc.constantFrom(...'Aa0-_.=+/,; "\\\u0000\u00ff\u20ac');

describe.each(PLACES)('whatever is sent to the $name', (place) => {
  const server = place.create({ replay: 'off-accepting-replays' });
  const good = draftFor(place).mint();

  it('the untouched proof → accepted', async () => {
    expect(await server.send({ proof: good })).toMatchObject({ granted: true });
  });

  it('garbage for a proof → a constant refusal', async () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc
        .array(
          fc.string().map((text) => toBase64url(text)),
          { maxLength: 5 },
        )
        .map((p) => p.join('.')),
      fc
        .tuple(json, json, fc.uint8Array())
        .map(([header, payload, signature]) =>
          [JSON.stringify(header), JSON.stringify(payload), signature]
            .map((part) => toBase64url(part))
            .join('.'),
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbage, fc.array(garbage, { minLength: 1 })), async (proof) => {
        const outcome = await server.send({ proof });
        expect(outcome.granted).toBe(false);
        expectConstant(place, outcome);
      }),
      { numRuns: 500 },
    );
  });

  it('a proof cut anywhere → a constant refusal', async () => {
    for (let end = 0; end < good.length; end++) {
      const outcome = await server.send({ proof: good.slice(0, end) });
      expect(outcome.granted).toBe(false);
      expectConstant(place, outcome);
    }
  });

  it('a proof with characters replaced, added or taken away → a constant refusal', async () => {
    const edit = fc.record({
      at: fc.integer({ min: 0, max: good.length - 1 }),
      remove: fc.integer({ min: 0, max: 2 }),
      insert: fc.array(character, { maxLength: 2 }).map((all) => all.join('')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let proof = good;
        for (const { at, remove, insert } of edits) {
          proof = proof.slice(0, at) + insert + proof.slice(at + remove);
        }
        const outcome = await server.send({ proof });
        expect(outcome.granted).toBe(proof === good);
        expectConstant(place, outcome);
      }),
      { numRuns: 1000 },
    );
  });

  it('any member of a signed proof replaced by anything → accepted only while it means the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('header', 'payload', 'jwk'),
        name,
        json,
        async (part, member, value) => {
          const draft = draftFor(place);
          const base = draft.mint();
          const [header, payload] = [headerOf(base), payloadOf(base)];
          const jwk = header.jwk as Record<string, unknown>;
          const object = { header, payload, jwk }[part];
          if (object) {
            Object.defineProperty(object, member, {
              value,
              enumerable: true,
              configurable: true,
              writable: true,
            });
          }
          const proof = draft.mint({
            headerText: JSON.stringify(header),
            payloadText: JSON.stringify(payload),
          });
          const outcome = await server.send({ proof });
          expectConstant(place, outcome);
          if (!outcome.granted) return;
          const { htm, htu, ath } = payloadOf(proof);
          expect({ htm, htu }).toEqual({ htm: draft.claims.htm, htu: draft.claims.htu });
          if (place.status === 401) expect(ath).toBe(sha256(TOKEN));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('any method, target and further fields → a constant refusal, or the good request', async () => {
    const target = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((end) => `/${end}${MARK}`),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constant(place.target),
    );
    const method = fc.oneof(fc.string(), fc.constant(place.method));
    const field = fc.oneof(fc.constant(MARK), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(method, target, field, async (verb, text, value) => {
        const fields = { host: value, forwarded: value, 'x-forwarded-host': value };
        const outcome = await server.send({ proof: good, method: verb, target: text, fields });
        if (outcome.granted) expect(verb).toBe(place.method);
        expectConstant(place, outcome);
      }),
      { numRuns: 500 },
    );
  });

  it('the parts of two good proofs mixed → a constant refusal', async () => {
    const other = split(draftFor(place).mint({ claims: { jti: MARK } }));
    const one = split(good);
    for (const bits of [1, 2, 3, 4, 5, 6]) {
      const pick = (bit: number, part: 'header' | 'payload' | 'signature'): string =>
        (bits & bit ? other : one)[part];
      const proof = `${pick(1, 'header')}.${pick(2, 'payload')}.${pick(4, 'signature')}`;
      const outcome = await server.send({ proof });
      // Both headers are the same text, so only payload and signature tell the proofs apart.
      expect(outcome.granted).toBe(
        pick(2, 'payload') === other.payload ? (bits & 4) !== 0 : (bits & 4) === 0,
      );
      expectConstant(place, outcome);
    }
  });
});

describe('whatever is sent as a token', () => {
  const [place] = PLACES;
  it('garbage, cut or altered tokens → a constant refusal [BEARER-3-04]', async () => {
    if (place === undefined) throw new Error('no resource server');
    const server = place.create({ replay: 'off-accepting-replays' });
    const token = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,80}=*$/),
      fc.integer({ min: 1, max: TOKEN.length - 1 }).map((end) => TOKEN.slice(0, end)),
      fc
        .integer({ min: 0, max: TOKEN.length - 1 })
        .map((at) => `${TOKEN.slice(0, at)}_${TOKEN.slice(at)}`),
    );
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        const proof = draftFor(place).mint({ claims: { ath: sha256(text) } });
        const outcome = await server.send({ proof, token: text });
        expect(outcome.granted).toBe(false);
        expectConstant(place, outcome);
      }),
      { numRuns: 300 },
    );
  });
});
