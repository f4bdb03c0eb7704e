import { testRequest } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createForwardAuth, type ForwardAuthOptions, isAuthError } from '../src/index.ts';

const PROXY = '10.0.0.1';
const STRANGER = '192.0.2.1';
const trusts = (address: string): boolean => address === PROXY || address === 'unix:';

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Method and target of the request that was asked about, or why nobody can tell. */
function asked(
  fields: Fields,
  peerAddress: string | undefined = PROXY,
  kind: ForwardAuthOptions['fields'] = 'x-original',
): string {
  const question = { ...testRequest(fields, { target: '/forward-auth' }), peerAddress };
  try {
    const { method, target } = createForwardAuth({ trusts, fields: kind })(question);
    return `${method} ${target}`;
  } catch (error) {
    if (!isAuthError(error)) throw error;
    expect(error).toMatchObject({ reason: 'target_invalid', code: 'invalid_request' });
    return [error.facts.fault, error.facts.field].filter(Boolean).join(' ');
  }
}

const good: Fields = { 'x-original-method': 'POST', 'x-original-uri': '/notes?all=1' };

describe('a question of a trusted proxy', () => {
  it.each<[string, Fields, string]>([
    ['method and target', good, 'POST /notes?all=1'],
    [
      'a method in small letters, which is another',
      { ...good, 'x-original-method': 'post' },
      'post /notes?all=1',
    ],
    [
      'a path that looks like a host',
      { ...good, 'x-original-uri': '//evil.example/r' },
      'POST //evil.example/r',
    ],
    [
      'what browsers send raw',
      { ...good, 'x-original-uri': '/a|b"\u00c3\u00a0?c^' },
      'POST /a|b"\u00c3\u00a0?c^',
    ],
    [
      'fields of the other convention beside',
      { ...good, 'x-forwarded-uri': '/evil', 'x-forwarded-method': 'PUT' },
      'POST /notes?all=1',
    ],
    ['no method', { 'x-original-uri': '/notes' }, 'field_missing x-original-method'],
    ['no target', { 'x-original-method': 'POST' }, 'field_missing x-original-uri'],
    [
      'the fields of the other convention only',
      { 'x-forwarded-uri': '/notes', 'x-forwarded-method': 'POST' },
      'field_missing x-original-method',
    ],
    [
      'two methods',
      { ...good, 'x-original-method': ['POST', 'POST'] },
      'field_repeated x-original-method',
    ],
    [
      'two targets',
      { ...good, 'x-original-uri': ['/notes', '/notes'] },
      'field_repeated x-original-uri',
    ],
    [
      'a list of methods',
      { ...good, 'x-original-method': 'POST, GET' },
      'field_malformed x-original-method',
    ],
    ['an empty method', { ...good, 'x-original-method': '' }, 'field_malformed x-original-method'],
    ['an empty target', { ...good, 'x-original-uri': '' }, 'field_malformed x-original-uri'],
    [
      'absolute-form',
      { ...good, 'x-original-uri': 'https://rs.example/notes' },
      'field_malformed x-original-uri',
    ],
    ['asterisk-form', { ...good, 'x-original-uri': '*' }, 'field_malformed x-original-uri'],
    [
      'authority-form',
      { ...good, 'x-original-uri': 'rs.example:443' },
      'field_malformed x-original-uri',
    ],
    [
      'a target without slash',
      { ...good, 'x-original-uri': 'notes' },
      'field_malformed x-original-uri',
    ],
    [
      'a target with a fragment',
      { ...good, 'x-original-uri': '/notes#x' },
      'field_malformed x-original-uri',
    ],
    [
      'a target with a blank',
      { ...good, 'x-original-uri': '/notes /x' },
      'field_malformed x-original-uri',
    ],
    [
      'a target with a control character',
      { ...good, 'x-original-uri': '/notes\u007f' },
      'field_malformed x-original-uri',
    ],
  ])('%s, %j → %s [BCP-4.13-01]', (_name, fields, expected) => {
    expect(asked(fields)).toBe(expected);
    expect(asked(fields, 'unix:')).toBe(expected);
    expect(asked(fields, STRANGER)).toBe('peer_untrusted');
  });

  it('the fields of Traefik and Caddy → read when they are the ones configured', () => {
    const fields = { 'x-forwarded-method': 'DELETE', 'x-forwarded-uri': '/notes/1' };
    expect(asked({ ...good, ...fields }, PROXY, 'x-forwarded')).toBe('DELETE /notes/1');
  });

  it('credentials, host and peer are those of the question', () => {
    const fields = { ...good, authorization: ['a', 'b'], host: 'rs.example' };
    const question = { ...testRequest(fields), peerAddress: PROXY };
    const request = createForwardAuth({ trusts, fields: 'x-original' })(question);
    expect(request.headers('authorization')).toEqual(['a', 'b']);
    expect(request.headers('host')).toEqual(['rs.example']);
    expect(request.peerAddress).toBe(PROXY);
  });
});

describe('a question of anybody else', () => {
  it('whatever its fields, it is not answered [BCP-4.13-01]', () => {
    const lines = fc.array(fc.oneof(fc.constantFrom('GET', '/notes'), fc.string()), {
      maxLength: 2,
    });
    const names = [
      'x-original-method',
      'x-original-uri',
      'x-forwarded-method',
      'x-forwarded-uri',
      'x-forwarded-for',
    ];
    const fields = fc.record(Object.fromEntries(names.map((name) => [name, lines])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(fields, fc.constantFrom('', STRANGER, '10.0.0.11', 'unix'), (sent, peer) => {
        expect(asked({ ...good, ...sent } as Fields, peer)).toBe('peer_untrusted');
      }),
    );
  });

  it('a peer whose address is not known → not answered', () => {
    const ask = createForwardAuth({ trusts: () => true, fields: 'x-original' });
    expect(() => ask(testRequest(good))).toThrow(
      expect.objectContaining({ reason: 'target_invalid' }),
    );
  });

  it('a `trusts` that answers with a promise → nobody is trusted', () => {
    const lax = (async () => true) as unknown as ForwardAuthOptions['trusts'];
    const ask = createForwardAuth({ trusts: lax, fields: 'x-original' });
    const question = { ...testRequest(good), peerAddress: PROXY };
    expect(() => ask(question)).toThrow(expect.objectContaining({ reason: 'target_invalid' }));
  });
});

it.each([
  [
    'no trusts',
    { fields: 'x-original' },
    'trusts: give a function that tells whether an address is yours',
  ],
  [
    'a list for trusts',
    { trusts: [PROXY], fields: 'x-original' },
    'trusts: give a function that tells whether an address is yours',
  ],
  ['no fields', { trusts }, "fields: must be 'x-original' or 'x-forwarded'"],
  ['other fields', { trusts, fields: 'toString' }, "fields: must be 'x-original' or 'x-forwarded'"],
])('%s → TypeError that names the option', (_name, options, message) => {
  const create = () => createForwardAuth(options as unknown as ForwardAuthOptions);
  expect(create).toThrow(new TypeError(message));
});
