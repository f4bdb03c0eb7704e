import type { Algorithm } from './algorithms.ts';
import { decodeBase64url } from './base64url.ts';
import { ecKey } from './ec.ts';
import { ed25519Key } from './ed25519.ts';
import { demand } from './fault.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import type { PublicKey } from './public-key.ts';
import { rsaKey } from './rsa.ts';
import type { Switches } from './switches.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const EDDSA_NAMES = ['EdDSA', 'Ed25519'];

/** A key that somebody sent, for an algorithm: public, and meant for verifying by it. */
export function keyFor(
  name: string,
  algorithm: Algorithm,
  jwk: unknown,
  switches: Switches,
): PublicKey {
  demand(isObject(jwk), 'a key that is no JSON object');
  const hasPrivateMember = PRIVATE_MEMBERS.some((member) => member in jwk);
  demand(!hasPrivateMember || switches.has('private-members-accepted'), 'a private key');
  checkPurpose(name, jwk, switches);
  demand(jwk.kty === algorithm.kty, 'a key of another type');
  const isOfCurve = jwk.crv === algorithm.crv || algorithm.kty === 'RSA';
  demand(isOfCurve || switches.has('ec-curve-of-key-not-of-algorithm'), 'a key of another curve');
  return publicKey(jwk, switches);
}

/** `use`, `key_ops` and `alg` (RFC 7517 §4), where they are there, allow verifying by the algorithm. */
function checkPurpose(name: string, { use, key_ops, alg }: JsonObject, switches: Switches): void {
  demand(use === undefined || use === 'sig' || switches.has('jwk-use-ignored'), 'another use');
  const isToVerify = Array.isArray(key_ops) && key_ops.includes('verify');
  demand(key_ops === undefined || isToVerify, 'other operations');
  const isSame = alg === name || [alg, name].every((one) => EDDSA_NAMES.includes(textOf(one)));
  demand(alg === undefined || isSame || switches.has('jwk-alg-ignored'), 'another algorithm');
}

/** Reads the members that make up a key, and checks that they make up a good one. */
export function publicKey(jwk: JsonObject, switches: Switches): PublicKey {
  const octets = (member: string): Uint8Array => {
    const text = jwk[member];
    demand(typeof text === 'string' && text !== '', `no ${member} in the key`);
    return decodeBase64url(text, switches);
  };
  switch (jwk.kty) {
    case 'EC':
      return ecKey(jwk.crv, octets('x'), octets('y'), switches);
    case 'RSA':
      return rsaKey(octets('n'), octets('e'), switches);
    case 'OKP':
      return ed25519Key(jwk.crv, octets('x'), switches);
    default:
      demand(false, 'a key of an unknown type');
  }
}
