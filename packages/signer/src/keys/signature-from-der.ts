/** Octets of R, and of S (RFC 7518 §3.4). */
const HALF_BYTES = { ES256: 32, ES384: 48, ES512: 66 } as const;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** The most that fits into the one octet of a length in its short form (X.690 §8.1.3). */
const MOST_IN_SHORT_FORM = 127;
/** In place of a length: it is in the one octet behind. No signature here needs two. */
const ONE_LENGTH_OCTET = 0x81;
const SIGN_BIT = 0x80;

/**
 * The ECDSA signature of a key management service or a hardware module, which comes in DER (RFC 3279
 * §2.2.3), in the form that {@link Signer.sign} gives: R‖S of fixed length (RFC 7518 §3.4).
 *
 * Strict: one sequence of two positive integers in their shortest form, every length exact, nothing
 * behind. Whether R and S are below the order of the curve is not checked; verifiers do that.
 *
 * @returns 64 octets for ES256, 96 for ES384, 132 for ES512
 * @throws TypeError when it is anything else, or a number does not fit the curve of the algorithm.
 */
export function signatureFromDer(
  der: Uint8Array,
  algorithm: 'ES256' | 'ES384' | 'ES512',
): Uint8Array<ArrayBuffer> {
  if (!Object.hasOwn(HALF_BYTES, algorithm)) {
    throw new TypeError('algorithm: must be ES256, ES384 or ES512');
  }
  if (!(der instanceof Uint8Array)) throw new TypeError('der: must be octets');
  const half = HALF_BYTES[algorithm];
  const signature = new Uint8Array(2 * half);
  const sequence = element(der, 0, SEQUENCE);
  const r = element(der, sequence.start, INTEGER);
  const s = element(der, r.end, INTEGER);
  if (sequence.end !== der.length || s.end !== der.length) throw malformed('octets behind the end');
  copyInteger(der, r, signature.subarray(0, half));
  copyInteger(der, s, signature.subarray(half));
  return signature;
}

/** Where the contents of an element are. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function element(der: Uint8Array, at: number, tag: number): Span {
  if (der[at] !== tag) throw malformed('not a sequence of two integers');
  const isLong = der[at + 1] === ONE_LENGTH_OCTET;
  const length = der[at + (isLong ? 2 : 1)];
  // The only form that is allowed: the long one where the short one does not do.
  if (length === undefined || length > MOST_IN_SHORT_FORM !== isLong) {
    throw malformed('a length in another than the shortest form');
  }
  const start = at + (isLong ? 3 : 2);
  if (start + length > der.length) throw malformed('cut off');
  return { start, end: start + length };
}

/** Puts an integer at the end of a target of zeros. */
function copyInteger(der: Uint8Array, { start, end }: Span, target: Uint8Array): void {
  const first = der[start] ?? 0;
  const second = der[start + 1] ?? 0;
  if (start === end || first >= SIGN_BIT) throw malformed('a number that is not positive');
  const hasZero = first === 0;
  if (hasZero && (end - start === 1 || second < SIGN_BIT)) {
    throw malformed('a number that is zero, or has zeros in front');
  }
  const digits = der.subarray(hasZero ? start + 1 : start, end);
  if (digits.length > target.length) throw malformed('a number too large for the algorithm');
  target.set(digits, target.length - digits.length);
}

function malformed(what: string): TypeError {
  return new TypeError(`der: no ECDSA signature of the algorithm in DER: ${what}`);
}
