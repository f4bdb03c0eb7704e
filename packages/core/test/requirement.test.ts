import { describe, expect, it } from 'vitest';
import { isRequirement } from '../src/index.ts';

describe('isRequirement', () => {
  it.each<[string, unknown, boolean]>([
    ['nothing asked for', {}, true],
    ['no scope', { scopes: [] }, true],
    ['two scopes and a scheme', { scopes: ['a', 'b'], schemes: ['DPoP'] }, true],
    ['an object without prototype', Object.create(null), true],
    ['a misspelt member', { scope: ['a'] }, false],
    ['a member more', { scopes: ['a'], audience: 'x' }, false],
    ['a text for a list', { scopes: 'a' }, false],
    ['two values in one entry', { scopes: ['a b'] }, false],
    ['a text for a list of schemes', { schemes: 'DPoP' }, false],
    ['a list', [], false],
    ['a set', new Set(['a']), false],
    ['a request', new Request('https://rs.example/'), false],
    ['a text', 'public', false],
    ['null', null, false],
    ['undefined', undefined, false],
  ])('%s, %j → %s', (_name, value, expected) => {
    expect(isRequirement(value)).toBe(expected);
  });
});
