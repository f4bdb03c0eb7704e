import type { AsTest } from '../../src/format.ts';
import { AS_BAD_PROOF, boundTo } from '../as-cases.ts';
import { acceptedProof, contentOf, type ProofRow, refusedProof } from '../as-proof-cases.ts';
import { asConfig, CLOCK, ISSUER, ORIGIN } from '../deployment.ts';
import { acceptable, type FileDraft, group } from '../draft.ts';
import { objectText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, asProof } from '../messages.ts';

const GOOD = asProof();
const { token: ENDPOINT, pushed_authorization_request: PAR } = asConfig().endpoints;

const good: readonly ProofRow[] = [
  ['client-credentials', 'A good proof by a P-256 key.', 'DPOP-5-03 DPOP-6.1-01 OAUTH-5.1-01', {}],
  [
    'with-ath',
    'The hash of some access token, which nobody asked for.',
    'DPOP-4.2-09',
    { token: accessToken() },
  ],
  [
    'further-claims',
    'Claims that nobody asked for.',
    'DPOP-4.2-09',
    { claims: { iss: 'app', sub: 'app', foo: 1 } },
  ],
  [
    'further-header-member',
    'A header member that nobody asked for.',
    'DPOP-4.2-09',
    { header: { kid: 'ec1' } },
  ],
  ['oldest', 'As old as a proof may be.', 'DPOP-4.3-11', { claims: { iat: CLOCK - 60 } }],
  ['newest', 'As far ahead as a proof may be.', 'DPOP-4.3-11', { claims: { iat: CLOCK + 30 } }],
];

const tolerable: readonly (readonly [reason: string, ...row: ProofRow])[] = [
  [
    'RFC 3986 holds both spellings to be equal, and RFC 9449 §4.3 only recommends to normalize.',
    'htu-host-in-capitals',
    'Scheme and host of htu in capitals.',
    'DPOP-4.3-14 URI-01',
    { claims: { htu: 'HTTPS://AS.EXAMPLE/token' } },
  ],
  [
    'RFC 3986 holds both spellings to be equal, and RFC 9449 §4.3 only recommends to normalize.',
    'htu-default-port',
    'The default port in htu.',
    'DPOP-4.3-14 URI-05',
    { claims: { htu: 'https://as.example:443/token' } },
  ],
  [
    'RFC 9449 §4.2 wants htu without a query, while §4.3 compares without looking at one.',
    'htu-with-query',
    'A query in htu.',
    'DPOP-4.3-09',
    { claims: { htu: `${ENDPOINT}?x=1` } },
  ],
  [
    'RFC 7515 §4.1.9 treats both spellings as one media type; RFC 9449 prints one of them.',
    'typ-with-application',
    'typ with the prefix application/.',
    'JOSE-7515-4.1.9-01',
    { header: { typ: 'application/dpop+jwt' } },
  ],
  [
    'A client may carry over a nonce from elsewhere, and RFC 9449 §4.3 compares only what was given.',
    'nonce-unasked',
    'A nonce where none was given.',
    'DPOP-4.2-09',
    { claims: { nonce: 'a-nonce' } },
  ],
];

const fields: readonly ProofRow[] = [
  ['missing', 'No proof, though the client must have bound tokens.', 'DPOP-5.2-01', []],
  ['empty', 'An empty DPoP field.', 'DPOP-4.1-P1 DPOP-5-02', ['']],
  [
    'two',
    'Two good proofs in two fields.',
    'DPOP-4.3-01',
    [GOOD, asProof({ claims: { jti: 'another' } })],
  ],
  ['twice', 'The same proof in two fields.', 'DPOP-4.3-01', [GOOD, GOOD]],
  ['comma-joined', 'Two proofs in one field.', 'DPOP-4.3-02', [`${GOOD}, ${GOOD}`]],
  ['no-jwt', 'A text that is no JWT.', 'DPOP-4.3-02 DPOP-4.1-P1', ['undefined']],
  [
    'two-parts',
    'The signature is left out, and the dot before it.',
    'DPOP-4.3-02',
    [GOOD.split('.').slice(0, 2).join('.')],
  ],
  [
    'access-token',
    'An access token of the issuer in the place of the proof.',
    'JWTBCP-3.12-01 DPOP-4.3-04',
    [accessToken()],
  ],
];

const HTM_TWICE = objectText([
  ['jti', 'htm-twice'],
  ['htm', 'POST'],
  ['htm', 'GET'],
  ['htu', ENDPOINT],
  ['iat', CLOCK],
]);

const claims: readonly ProofRow[] = [
  ['htm-get', 'For GET.', 'DPOP-4.3-08', { claims: { htm: 'GET' } }],
  ['htm-in-small-letters', 'For post.', 'DPOP-4.3-08', { claims: { htm: 'post' } }],
  ['htm-missing', 'For no method.', 'DPOP-4.3-03', { claims: { htm: undefined } }],
  [
    'htm-twice',
    'For POST and for GET.',
    'JOSE-7515-4-01',
    { payloadPart: HTM_TWICE },
    { flags: ['DuplicateMember'] },
  ],
  ['htu-missing', 'For no URI.', 'DPOP-4.3-03', { claims: { htu: undefined } }],
  [
    'htu-of-resource',
    'For the resource server, with the hash of its token.',
    'DPOP-4.3-09',
    { token: accessToken(), claims: { htu: `${ORIGIN}/r` } },
    { base: 'with-ath' },
  ],
  [
    'htu-of-par-endpoint',
    'For the endpoint of pushed requests.',
    'DPOP-4.3-09',
    { claims: { htu: PAR } },
  ],
  ['htu-issuer', 'For the issuer identifier.', 'DPOP-4.3-09', { claims: { htu: ISSUER } }],
  [
    'htu-other-server',
    'For another authorization server.',
    'DPOP-4.3-09',
    { claims: { htu: 'https://as.example.net/token' } },
  ],
  [
    'htu-http',
    'For the same over http.',
    'DPOP-4.3-09',
    { claims: { htu: 'http://as.example/token' } },
  ],
  [
    'htu-slash',
    'A slash behind the path.',
    'URI-06 DPOP-4.3-09',
    { claims: { htu: `${ENDPOINT}/` } },
  ],
  [
    'iat-stale',
    'A second older than a proof may be.',
    'DPOP-4.3-11',
    { claims: { iat: CLOCK - 61 } },
  ],
  [
    'iat-ahead',
    'A second further ahead than a proof may be.',
    'DPOP-4.3-11',
    { claims: { iat: CLOCK + 31 } },
  ],
  ['iat-missing', 'Made at no time.', 'DPOP-4.3-03', { claims: { iat: undefined } }],
  [
    'iat-text',
    'The time as a text.',
    'JOSE-7519-2-01 DPOP-4.3-03',
    { claims: { iat: `${CLOCK}` } },
  ],
  [
    'iat-milliseconds',
    'The time in milliseconds.',
    'DPOP-4.3-11',
    { claims: { iat: CLOCK * 1000 } },
  ],
  [
    'exp-past',
    'The proof says that it has ended.',
    'JOSE-7519-4.1-01',
    { claims: { exp: CLOCK - 1 } },
  ],
  ['jti-missing', 'No jti.', 'DPOP-4.3-03', { claims: { jti: undefined } }],
  ['jti-number', 'A number as jti.', 'DPOP-4.3-03', { claims: { jti: 1 } }],
];

const JTI_TWICE = objectText([
  ['jti', 'first'],
  ['jti', 'second'],
  ['htm', 'POST'],
  ['htu', ENDPOINT],
  ['iat', CLOCK],
]);

const doubtful = [
  acceptable<AsTest>(
    'reject',
    'jti-empty',
    'An empty jti.',
    'DPOP-4.3-03',
    { ...contentOf({ claims: { jti: '' } }), expect: AS_BAD_PROOF },
    { reason: 'RFC 9449 has no rule of length, but an empty text tells no proof from another.' },
  ),
  acceptable<AsTest>(
    'reject',
    'jti-twice',
    'Two jti.',
    'JOSE-7515-4-01',
    { ...contentOf({ payloadPart: JTI_TWICE }), expect: AS_BAD_PROOF },
    {
      flags: ['DuplicateMember'],
      reason:
        'RFC 7519 §4 lets a parser take the last one; another one in the chain may take the first.',
    },
  ),
  acceptable<AsTest>(
    'reject',
    'long',
    'A proof of more than 8192 characters.',
    'JOSE-LIMIT-P1',
    { ...contentOf({ claims: { foo: 'x'.repeat(8192) } }), expect: AS_BAD_PROOF },
    {
      flags: ['Oversize'],
      reason: 'No RFC says how long a proof may be, and honest ones are short.',
    },
  ),
];

const proofs = group(
  'AsToken',
  'proofs',
  'A service that must have bound tokens asks for one, with one proof or what stands in its place.',
  asConfig(),
  [
    ...good.map(acceptedProof),
    ...tolerable.map(([reason, id, comment, requirements, sent]) =>
      acceptable<AsTest>(
        'accept',
        id,
        comment,
        requirements,
        { ...contentOf(sent), expect: boundTo(KEYS.ec1) },
        { reason },
      ),
    ),
    ...[...fields, ...claims].map(refusedProof),
    ...doubtful,
  ],
);

const asToken: FileDraft = {
  file: 'as-token',
  title: 'Proofs at the token endpoint',
  groups: [proofs],
};

export default asToken;
