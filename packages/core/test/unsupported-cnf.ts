import { createHash } from 'node:crypto';
import { KEYS, thumbprint } from '@keybound/test-kit';
import { withTailBits } from './support.ts';

const JKT = thumbprint(KEYS.alice.publicJwk);

/** What a token's `cnf` must not be; every verifier refuses all of them. */
export const UNSUPPORTED_CNF: readonly (readonly [string, unknown])[] = [
  ['jkt padded', { jkt: `${JKT}=` }],
  ['jkt in hexadecimal', { jkt: createHash('sha256').digest('hex') }],
  ['jkt of SHA-1', { jkt: createHash('sha1').digest('base64url') }],
  ['jkt of SHA-512', { jkt: createHash('sha512').digest('base64url') }],
  ['jkt with unused bits', { jkt: withTailBits(JKT) }],
  ['jkt as a URN', { jkt: `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${JKT}` }],
  ['jkt empty', { jkt: '' }],
  ['jkt in an array', { jkt: [JKT] }],
  ['jkt as a number', { jkt: 7 }],
  ['jkt null', { jkt: null }],
  ['jkt in another case', { JKT }],
  ['null', null],
  ['a text', JKT],
  ['an array', [{ jkt: JKT }]],
  ['a boolean', false],
  ['zero', 0],
  ['an empty text', ''],
  ['empty', {}],
  ['jwk only', { jwk: KEYS.alice.publicJwk }],
  ['kid only', { kid: 'alice' }],
  ['x5t#S256 only', { 'x5t#S256': JKT }],
  ['jkt and x5t#S256', { jkt: JKT, 'x5t#S256': JKT }],
  ['jkt and a null x5t#S256', { jkt: JKT, 'x5t#S256': null }],
];
