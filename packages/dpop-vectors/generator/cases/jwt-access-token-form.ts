import { CLOCK, tokenConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { concat, octets, utf8 } from '../encode/bytes.ts';
import { derEncoded } from '../encode/certificate.ts';
import { jsonText, objectText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import {
  acceptedToken,
  doubtfulToken,
  membersOf,
  refusedToken,
  tolerableToken,
  unbound,
} from '../token-cases.ts';

const { issuer1 } = KEYS;

const GOOD = unbound();
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = GOOD.split('.');
const CLAIMS = membersOf(GOOD, 'payload');
const FOR_ADMIN = CLAIMS.map(([name, value]) => [name, name === 'sub' ? 'admin' : value] as const);

/** How a token is written: RFC 7515 and its JSON. */
const jwtAccessTokenForm: FileDraft = {
  file: 'jwt-access-token-form',
  title: 'Type, signature and encoding of JWT access tokens',
  groups: [
    group('JwtAccessToken', 'type', 'typ of the header says what the JWT is for.', tokenConfig(), [
      acceptedToken(['typ-short', 'typ is at+jwt.', 'ATJWT-4-01', {}]),
      acceptedToken([
        'typ-long',
        'typ is application/at+jwt.',
        'ATJWT-4-01 JOSE-7515-4.1.9-01',
        { header: { typ: 'application/at+jwt' } },
      ]),
      tolerableToken([
        'Media types are compared without case (RFC 7515 §4.1.9).',
        'typ-upper-case',
        'typ is AT+JWT.',
        'JOSE-7515-4.1.9-01',
        { header: { typ: 'AT+JWT' } },
      ]),
      ...(
        [
          ['typ-missing', 'No typ.', undefined],
          ['typ-jwt', 'typ is JWT, as in ID tokens.', 'JWT'],
          ['typ-proof', 'typ is that of DPoP proofs.', 'dpop+jwt'],
          ['typ-logout', 'typ is that of logout tokens.', 'logout+jwt'],
          ['typ-introspection', 'typ is that of introspection answers.', 'token-introspection+jwt'],
          ['typ-ends-alike', 'typ ends like the right one.', 'not-at+jwt'],
          ['typ-other-tree', 'typ is at+jwt of another tree.', 'text/at+jwt'],
          [
            'typ-list',
            'typ is a list, which equals the type where types are converted.',
            ['at+jwt'],
          ],
        ] as const
      ).map(([id, comment, typ]) =>
        refusedToken([id, comment, 'ATJWT-4-01 JWTBCP-3.12-01', { header: { typ } }]),
      ),
    ]),
    group('JwtAccessToken', 'signature', 'Signatures that are none.', tokenConfig(), [
      acceptedToken(['signature-good', 'A good signature.', 'ATJWT-4-04', {}]),
      refusedToken([
        'payload-changed',
        'A claim was changed after signing.',
        'ATJWT-4-04',
        `${HEADER}.${base64url(objectText(FOR_ADMIN))}.${SIGNATURE}`,
      ]),
      refusedToken([
        'signature-of-another',
        'The signature of another good token.',
        'ATJWT-4-04',
        `${HEADER}.${PAYLOAD}.${unbound({ claims: { sub: 'bob' } }).split('.')[2]}`,
      ]),
      refusedToken([
        'signature-empty',
        'Nothing behind the last dot.',
        'ATJWT-4-04',
        { sign: () => new Uint8Array(0) },
      ]),
      refusedToken([
        'signature-zero',
        'A signature of zeros.',
        'JOSE-7518-3.4-01',
        { sign: () => new Uint8Array(64) },
        { flags: ['KeylessForgery'] },
      ]),
      refusedToken([
        'signature-der',
        'A signature in DER.',
        'JOSE-7518-3.4-01',
        { sign: (input) => derEncoded(issuer1.sign(input, 'ES256')) },
      ]),
      refusedToken([
        'signature-long',
        'Two integers of 33 octets.',
        'JOSE-7518-3.4-01',
        {
          sign: (input) => {
            const good = issuer1.sign(input, 'ES256');
            const zero = octets(0n, 1);
            return concat(zero, good.slice(0, 32), zero, good.slice(32));
          },
        },
      ]),
    ]),
    group('JwtAccessToken', 'form', 'One spelling of three parts.', tokenConfig(), [
      acceptedToken(['form-good', 'Three parts in base64url.', 'JOSE-7515-2-01', {}]),
      acceptedToken([
        'name-escaped',
        'The name of a claim is spelt with an escape.',
        'JOSE-7515-5.2-01',
        { payloadPart: objectText(CLAIMS).replace('"iss"', '"\\u0069ss"') },
      ]),
      refusedToken(['text-empty', 'The empty text.', 'ATJWT-4-04', '']),
      refusedToken([
        'two-parts',
        'Header and payload alone.',
        'ATJWT-4-04',
        `${HEADER}.${PAYLOAD}`,
      ]),
      refusedToken(['four-parts', 'A fourth part.', 'ATJWT-4-04', `${GOOD}.${SIGNATURE}`]),
      refusedToken([
        'json-serialization',
        'The same JWS in JSON.',
        'ATJWT-4-04',
        jsonText({ payload: PAYLOAD, protected: HEADER, signature: SIGNATURE }),
      ]),
      refusedToken([
        'encrypted',
        'Five parts, as of an encrypted token.',
        'ATJWT-4-04',
        [
          base64url(
            jsonText({ typ: 'at+jwt', alg: 'RSA-OAEP-256', enc: 'A128GCM', kid: 'issuerRsa' }),
          ),
          base64url(octets(1n, 256)),
          base64url(octets(2n, 12)),
          base64url(GOOD),
          base64url(octets(3n, 16)),
        ].join('.'),
      ]),
      refusedToken(['blank-before', 'A blank before the token.', 'JOSE-7515-2-01', ` ${GOOD}`]),
      refusedToken([
        'newline-behind',
        'A line feed behind the token.',
        'JOSE-7515-2-01',
        `${GOOD}\n`,
      ]),
      refusedToken([
        'signature-padded',
        'The signature is filled up with =.',
        'JOSE-7515-2-01',
        { encodeSignature: (bytes) => base64url(bytes, { padded: true }) },
        { flags: ['OtherSpelling'] },
      ]),
      refusedToken([
        'header-padded',
        'The header is filled up with =, and signed so.',
        'JOSE-7515-2-01',
        { header: { x: 'ab' }, encodeHeader: (bytes) => base64url(bytes, { padded: true }) },
        { flags: ['OtherSpelling'] },
      ]),
      refusedToken([
        'other-alphabet',
        'The payload has + and / in the place of - and _, and is signed so.',
        'JOSE-7515-2-01',
        { claims: { x: '>>>???' }, encodePayload: (bytes) => base64url(bytes, { standard: true }) },
        { flags: ['OtherSpelling'] },
      ]),
      doubtfulToken([
        'RFC 4648 §3.5 lets a decoder refuse stray bits; one token then has one spelling.',
        'signature-tail-bits',
        'Stray bits at the end of the signature, which nothing covers.',
        'JOSE-7515-2-P1',
        { encodeSignature: (bytes) => base64url(bytes, { tailBits: 5 }) },
        { flags: ['OtherSpelling'] },
      ]),
      ...(
        [
          ['payload-list', 'The payload is a list.', jsonText([...CLAIMS])],
          ['payload-text', 'The payload is a string.', '"alice"'],
          ['payload-null', 'The payload is null.', 'null'],
          [
            'payload-cut',
            'The payload ends before its object does.',
            objectText(CLAIMS).slice(0, -1),
          ],
          ['payload-more', 'The payload goes on behind its object.', `${objectText(CLAIMS)}{}`],
          [
            'payload-not-utf8',
            'A claim has an octet that is no UTF-8.',
            concat(
              utf8(`${objectText(CLAIMS).slice(0, -1)},"x":"`),
              Uint8Array.of(0xff),
              utf8('"}'),
            ),
          ],
        ] as const
      ).map(([id, comment, payloadPart]) =>
        refusedToken([id, comment, 'JOSE-7515-5.2-01', { payloadPart }]),
      ),
      refusedToken([
        'exp-twice-last-past',
        'exp twice: the first lies ahead, the last is past.',
        'JOSE-7515-4-01',
        { payloadPart: objectText([...CLAIMS, ['exp', CLOCK - 400]]) },
        { flags: ['DuplicateMember'] },
      ]),
      ...(
        [
          [
            'exp-twice-last-ahead',
            'exp twice: the first is past, the last lies ahead.',
            { payloadPart: objectText([['exp', CLOCK - 400], ...CLAIMS]) },
          ],
          [
            'exp-twice-escaped',
            'The same, with an escape in the second name.',
            {
              payloadPart: `{"exp":${CLOCK - 400},${objectText(CLAIMS).replace('"exp"', '"\\u0065xp"').slice(1)}`,
            },
          ],
          [
            'alg-twice',
            'alg twice in the header: none, then ES256.',
            { headerPart: objectText([['alg', 'none'], ...membersOf(GOOD, 'header')]) },
          ],
        ] as const
      ).map(([id, comment, token]) =>
        doubtfulToken([
          'RFC 7515 §4 allows to refuse the repetition or to take the last; two parsers in a row may differ.',
          id,
          comment,
          'JOSE-7515-4-01',
          token,
          { flags: ['DuplicateMember'] },
        ]),
      ),
      ...(
        [
          [
            'crit-unknown',
            'An extension that must be understood.',
            { crit: ['urn:x'], 'urn:x': 1 },
          ],
          ['crit-empty', 'An empty list of extensions.', { crit: [] }],
          ['crit-registered', 'exp is said to be an extension.', { crit: ['exp'], exp: 1 }],
        ] as const
      ).map(([id, comment, header]) =>
        refusedToken([id, comment, 'JOSE-7515-4.1.11-01', { header }]),
      ),
      doubtfulToken([
        'Who does not know RFC 7797 ignores it; who knows it must not take it, since the payload is encoded.',
        'b64-false',
        'b64 is false, and nobody says that it is critical.',
        'JOSE-7797-7-01',
        { header: { b64: false } },
      ]),
      refusedToken([
        'b64-false-critical',
        'b64 is false and critical.',
        'JOSE-7797-7-01 JOSE-7515-4.1.11-01',
        { header: { b64: false, crit: ['b64'] } },
      ]),
      doubtfulToken([
        'No RFC sets a limit; a bound before the signature spares the work.',
        'oversize',
        'A good token of more than 8192 characters.',
        'JOSE-LIMIT-P1',
        { claims: { x: 'x'.repeat(6500) } },
        { flags: ['Oversize'] },
      ]),
      doubtfulToken([
        'No RFC sets a limit; parsers that call themselves fail on deep texts.',
        'nested-deeply',
        'A claim of 500 lists within each other.',
        'JOSE-LIMIT-P1',
        {
          payloadPart: `${objectText(CLAIMS).slice(0, -1)},"x":${'['.repeat(500)}${']'.repeat(500)}}`,
        },
        { flags: ['Oversize'] },
      ]),
    ]),
  ],
};

export default jwtAccessTokenForm;
