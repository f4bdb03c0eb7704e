import { ALGORITHMS, type Algorithm } from './algorithms.ts';
import { sameText } from './base64url.ts';
import { demand } from './fault.ts';
import { type JsonObject, textOf } from './json.ts';
import { checkExtensions, isType, type Jws, type JwsLimits, parseJws } from './jws.ts';
import { keyFor } from './key.ts';
import type { PublicKey } from './public-key.ts';
import { isSignedBy, passesWithoutKey } from './signature.ts';
import type { Switches } from './switches.ts';
import { thumbprint } from './thumbprint.ts';

/** A proof whose form, header and key are good. */
export interface ReadProof {
  readonly jws: Jws;
  readonly claims: JsonObject;
  readonly jkt: string;
  readonly text: string;
  /** Undefined when a switch lets it pass without a key. */
  readonly signedWith: { readonly key: PublicKey; readonly algorithm: Algorithm } | undefined;
}

const LIMITS: JwsLimits = { chars: 8192, headerChars: 4096, depth: 8, members: 64, values: 256 };

/** The text of the one `DPoP` field (RFC 9449 §4.3 check 1). */
export function onlyProof(fields: readonly string[], switches: Switches): string {
  let values = fields;
  if (switches.has('empty-proof-ignored')) values = values.filter((value) => value !== '');
  if (switches.has('last-of-joined-proofs-taken')) {
    values = values.join(', ').split(/ *, */).slice(-1);
  }
  if (switches.has('first-of-two-proofs-taken')) values = values.slice(0, 1);
  const [text, ...more] = values;
  demand(text !== undefined, 'no proof');
  demand(more.length === 0, 'two proofs');
  return text;
}

/** Checks 2 to 5 and 7 of RFC 9449 §4.3, which need nothing but the proof. */
export function readProof(
  text: string,
  algorithms: readonly string[],
  switches: Switches,
): ReadProof {
  const jws = parseJws(text, LIMITS, switches);
  const { header, payload: claims } = jws;
  const isProof = isType(header.typ, 'dpop+jwt', switches);
  demand(isProof || switches.has('proof-typ-ignored'), 'not the type of a proof');
  checkExtensions(header, switches);
  if (passesWithoutKey(jws, [header.jwk], switches)) {
    return {
      jws,
      claims,
      text,
      jkt: thumbprint(header.jwk as JsonObject, switches),
      signedWith: undefined,
    };
  }
  const { name, algorithm } = algorithmOf(header, algorithms, switches);
  const key = keyFor(name, algorithm, header.jwk, switches);
  const jkt = thumbprint(header.jwk as JsonObject, switches);
  return { jws, claims, text, jkt, signedWith: { key, algorithm } };
}

function algorithmOf(
  { alg }: JsonObject,
  algorithms: readonly string[],
  switches: Switches,
): { readonly name: string; readonly algorithm: Algorithm } {
  demand(typeof alg === 'string', 'no algorithm');
  const folded = algorithms.find((one) => one.toLowerCase() === alg.toLowerCase());
  const name = switches.has('alg-case-folded') ? (folded ?? alg) : alg;
  const isListed = algorithms.includes(name) || switches.has('proof-alg-list-ignored');
  const algorithm = ALGORITHMS.get(name);
  demand(isListed && algorithm !== undefined, 'an algorithm that is not on the list');
  return { name, algorithm };
}

/** Check 6 of RFC 9449 §4.3. */
export function checkSignature({ jws, signedWith }: ReadProof, switches: Switches): void {
  if (signedWith === undefined || switches.has('proof-signature-unchecked')) return;
  const { key, algorithm } = signedWith;
  demand(isSignedBy(key, algorithm, jws), 'a bad signature');
}

/** Whether a proof has the hash of the token, to the letter (check 12). */
export function checkTokenHash(
  { claims }: ReadProof,
  hashes: TokenHashes,
  switches: Switches,
): void {
  if (switches.has('ath-unchecked')) return;
  const { ath } = claims;
  if (ath === undefined && switches.has('ath-optional')) return;
  if (switches.has('ath-of-any-hash-accepted') && hashes.others.includes(textOf(ath))) return;
  const isSame = sameText(ath, hashes.sha256, switches.has('ath-compared-as-bytes'));
  demand(isSame, 'the hash of another token');
}

export interface TokenHashes {
  readonly sha256: string;
  /** What the specification does not want. */
  readonly others: readonly string[];
}
