import { CLOCK, ORIGIN } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { ath } from '../messages.ts';
import { count, equals, fetched, good, scenario, TOKEN, URL_R } from '../scenarios.ts';

const proofs = group('Signer', 'proofs', 'What a proof says.', { clock: CLOCK }, [
  scenario('get', 'A GET with a bound token.', 'DPOP-7.1-01 DPOP-4.2-01 DPOP-4.2-06 DPOP-4.2-07', {
    calls: [fetched()],
    assertions: [
      count(1),
      good(0),
      equals(0, 'fields.authorization', `DPoP ${TOKEN}`),
      equals(0, 'proof.header.typ', 'dpop+jwt'),
      equals(0, 'proof.header.alg', 'ES256'),
      equals(0, 'proof.payload.htm', 'GET'),
      equals(0, 'proof.payload.htu', URL_R),
      equals(0, 'proof.payload.iat', CLOCK),
      equals(0, 'proof.payload.ath', ath(TOKEN)),
    ],
  }),
  scenario(
    'ath-known',
    'The access token of RFC 9449 §7.1, which is no JWT.',
    'DPOP-4.2-07 ATJWT-6-01',
    {
      token: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
      calls: [fetched()],
      assertions: [equals(0, 'proof.payload.ath', 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')],
    },
  ),
  ...[KEYS.ec384, KEYS.ec521, KEYS.rsa2048, KEYS.ed1].map((key) =>
    scenario(`key-${key.name}`, `The client has the key ${key.name}.`, 'DPOP-4.2-01 DPOP-4.2-02', {
      key,
      calls: [fetched()],
      assertions: [
        good(0),
        { kind: 'members', request: 0, path: 'proof.header.jwk', names: Object.keys(key.jwk) },
      ],
    }),
  ),
  scenario('jwk-minimal', 'The stored key has private and descriptive members.', 'DPOP-4.2-02', {
    jwk: {
      ...KEYS.ec1.privateJwk,
      kid: 'mine',
      use: 'sig',
      key_ops: ['sign'],
      alg: 'ES256',
      ext: true,
      label: 'the laptop of Alice',
    },
    calls: [fetched()],
    assertions: [
      good(0),
      { kind: 'members', request: 0, path: 'proof.header.jwk', names: Object.keys(KEYS.ec1.jwk) },
    ],
  }),
  scenario('jti-distinct', 'Five requests to one URL.', 'DPOP-4.2-03 DPOP-4-01 SEP1932-C-01', {
    calls: Array.from({ length: 5 }, () => fetched()),
    assertions: [
      count(5),
      { kind: 'distinct', path: 'proof.payload.jti' },
      { kind: 'matches', request: 0, path: 'proof.payload.jti', pattern: '^.{16,}$' },
    ],
  }),
  ...['POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'QUERY'].map((method) =>
    scenario(`method-${method.toLowerCase()}`, `${method} in capitals.`, 'DPOP-4.2-04', {
      calls: [fetched({ method })],
      assertions: [good(0), equals(0, 'method', method), equals(0, 'proof.payload.htm', method)],
    }),
  ),
  ...['get', 'patch', 'query'].map((method) =>
    scenario(
      `method-${method}-lower-case`,
      `${method} in small letters: fetch changes some methods and leaves others.`,
      'DPOP-4.2-04',
      { calls: [fetched({ method })], assertions: [{ kind: 'htm-as-sent-or-error', call: 0 }] },
    ),
  ),
]);

const uris = group('Signer', 'uris', 'What a proof names as its target.', { clock: CLOCK }, [
  ...(
    [
      ['query', 'A query.', `${URL_R}?a=1&b=2`, '^https://rs\\.example/r$'],
      ['fragment', 'A fragment.', `${URL_R}#part`, '^https://rs\\.example/r$'],
      ['query-and-fragment', 'Both.', `${URL_R}?a=1#part`, '^https://rs\\.example/r$'],
      ['empty-path', 'No path.', ORIGIN, '^https://rs\\.example/$'],
      [
        'default-port',
        'The default port.',
        'https://rs.example:443/r',
        '^https://rs\\.example(:443)?/r$',
      ],
      ['other-port', 'Another port.', 'https://rs.example:8443/r', '^https://rs\\.example:8443/r$'],
      ['trailing-slash', 'A slash at the end.', `${URL_R}/`, '^https://rs\\.example/r/$'],
      ['encoded-slash', 'An encoded slash.', `${ORIGIN}/a%2Fb`, '^https://rs\\.example/a%2[Ff]b$'],
      [
        'dot-segments',
        'Dot segments, which fetch resolves.',
        `${ORIGIN}/a/../r`,
        '^https://rs\\.example/r$',
      ],
      ['unicode-path', 'A character beyond ASCII.', `${ORIGIN}/ü`, '^https://rs\\.example/%C3%BC$'],
      [
        'idn-host',
        'A host beyond ASCII.',
        'https://bücher.example/r',
        '^https://xn--bcher-kva\\.example/r$',
      ],
    ] as const
  ).map(([id, comment, url, pattern]) =>
    scenario(id, comment, 'DPOP-4.2-05 SEP1932-HTU-01', {
      calls: [fetched({ url })],
      assertions: [good(0), { kind: 'matches', request: 0, path: 'proof.payload.htu', pattern }],
    }),
  ),
  scenario(
    'token-in-query',
    'The program puts the token into the query.',
    'BEARER-2.3-01 BEARER-2-01',
    {
      calls: [fetched({ url: `${URL_R}?access_token=${TOKEN}` })],
      assertions: [count(0), { kind: 'outcome', call: 0, is: 'error' }],
    },
  ),
  scenario(
    'plain-http',
    'A server without TLS that is not this machine.',
    'BEARER-5.2-01 DPOP-2-01',
    {
      calls: [fetched({ url: 'http://rs.example/r' })],
      assertions: [count(0), { kind: 'outcome', call: 0, is: 'error' }],
    },
  ),
]);

const signer: FileDraft = {
  file: 'signer',
  title: 'The proofs of a client',
  groups: [proofs, uris],
};

export default signer;
