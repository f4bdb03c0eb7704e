import { testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { type Authenticator, createGuard, type Requirement } from '../src/index.ts';
import { outcome } from './support.ts';

const dpop: Authenticator = {
  scheme: 'DPoP',
  challenge: [],
  authenticate: () => Promise.reject(new Error('never asked')),
};
const guard = createGuard({ authenticators: [dpop] });

const NO_REQUIREMENT =
  'a requirement is { scopes: [...], schemes: [...] }, and either may be left out';
const BAD_SCOPE = 'scopes: give one scope value an entry, without blanks (RFC 6749 §3.3)';
const BAD_SCHEME = 'schemes: give at least one, of those that have an authenticator here';

describe('what a route may ask for', () => {
  it.each<[string, unknown, string | undefined]>([
    ['nothing asked for', {}, undefined],
    ['no scope', { scopes: [] }, undefined],
    ['two scopes and a scheme', { scopes: ['a', 'b'], schemes: ['DPoP'] }, undefined],
    ['an object without prototype', Object.create(null), undefined],
    ['a misspelt member', { scope: ['a'] }, NO_REQUIREMENT],
    ['a member more', { scopes: ['a'], audience: 'x' }, NO_REQUIREMENT],
    ['a text for a list', { scopes: 'a' }, NO_REQUIREMENT],
    ['two values in one entry', { scopes: ['a b'] }, BAD_SCOPE],
    ['a quote', { scopes: ['a"'] }, BAD_SCOPE],
    ['no scheme', { schemes: [] }, BAD_SCHEME],
    ['a scheme that is not offered', { schemes: ['Bearer'] }, BAD_SCHEME],
    ['a misspelt scheme', { schemes: ['dpop'] }, BAD_SCHEME],
    ['a text for a list of schemes', { schemes: 'DPoP' }, NO_REQUIREMENT],
    ['a list', [], NO_REQUIREMENT],
    ['a set', new Set(['a']), NO_REQUIREMENT],
    ['a request', new Request('https://rs.example/'), NO_REQUIREMENT],
    ['a text', 'public', NO_REQUIREMENT],
    ['null', null, NO_REQUIREMENT],
  ])(
    '%s, %j → a TypeError at start-up and at a decision, unless it is one',
    async (_name, value, rule) => {
      const requirement = value as Requirement;
      expect(await outcome(() => guard.validate(requirement))).toEqual(
        rule === undefined ? { accepted: undefined } : { typeError: rule },
      );
      const decided = await outcome(() => guard.decide(testRequest(), requirement));
      expect('typeError' in decided ? decided.typeError : undefined).toBe(rule);
    },
  );
});
