/**
 * An adapter in JavaScript: `npx @keybound/dpop-vectors run --adapter examples/javascript/adapter.js`.
 * It computes thumbprints and token hashes itself, and shows where a verifier would be called.
 */
import { createHash } from 'node:crypto';

/** The members that a thumbprint is made of, in the order of RFC 7638, and the length of each in bytes. */
const MEMBERS = {
  EC: {
    crv: null,
    kty: null,
    x: ({ crv }) => COORDINATES[crv],
    y: ({ crv }) => COORDINATES[crv],
  },
  OKP: { crv: null, kty: null, x: ({ crv }) => ({ Ed25519: 32 })[crv] },
  RSA: { e: () => 'any', kty: null, n: () => 'any' },
};
const COORDINATES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

export default {
  name: 'javascript-example',
  version: '1.0',

  answer(question) {
    switch (question.kind) {
      case 'thumbprint':
        return thumbprint(question.input);
      case 'rs-request':
        // Here your verifier decides about question.request, with question.config and the time
        // question.clock, and you tell what it decided:
        //   return { decision: 'reject', status: 401, error: 'invalid_dpop_proof', fields: […] };
        return { skip: 'This example has no verifier.' };
      default:
        return { skip: `This example does not answer ${question.kind}.` };
    }
  },
};

function thumbprint(input) {
  try {
    return { output: input.operation === 'jkt' ? jkt(input.jwk) : ath(input.token) };
  } catch (error) {
    return { decision: 'reject', detail: error.message };
  }
}

/** RFC 7638 with SHA-256; a malformed key has no thumbprint. */
function jkt(jwk) {
  const members = Object.hasOwn(MEMBERS, jwk.kty) ? MEMBERS[jwk.kty] : undefined;
  if (members === undefined) throw new Error('kty is not known');
  const chosen = Object.entries(members).map(([name, lengthOf]) => {
    if (typeof jwk[name] !== 'string') throw new Error(`${name} is no string`);
    if (lengthOf !== null) checkBytes(name, jwk[name], lengthOf(jwk));
    return [name, jwk[name]];
  });
  return sha256(JSON.stringify(Object.fromEntries(chosen)));
}

/** RFC 9449 §4.2: the hash of the ASCII characters of the token, which is a token68. */
function ath(token) {
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) throw new Error('this is no token');
  return sha256(token);
}

/** The text is the one base64url spelling of so many bytes, or of a number without leading zeros. */
function checkBytes(name, text, length) {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error(`${name} is not base64url`);
  const fits = length === 'any' ? bytes.length > 0 && bytes[0] !== 0 : bytes.length === length;
  if (!fits) throw new Error(`${name} has the wrong length`);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('base64url');
}
