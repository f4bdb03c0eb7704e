/** Octets of tag and length before a sequence, and before an integer, of at most 127 octets. */
const SHORT_HEADER = 2;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** The length that says: one octet with the length follows. */
const LONG_FORM = 0x81;

/**
 * R‖S of RFC 7518 §3.4 as the DER sequence that OpenSSL takes without options. Any two halves make one,
 * zeros and numbers beyond the order included, which OpenSSL then refuses.
 */
export function derOfSignature(raw: Uint8Array): Buffer {
  const half = raw.length / 2;
  const r = firstOctet(raw, 0, half);
  const s = firstOctet(raw, half, raw.length);
  const rLength = half - r + signOctet(raw, r);
  const sLength = raw.length - s + signOctet(raw, s);
  const body = SHORT_HEADER + rLength + SHORT_HEADER + sLength;
  const isLong = body > 127;
  const der = Buffer.allocUnsafe(SHORT_HEADER + (isLong ? 1 : 0) + body);
  let at = 0;
  der[at++] = SEQUENCE;
  if (isLong) der[at++] = LONG_FORM;
  der[at++] = body;
  at = writeInteger(der, at, raw, r, half, rLength);
  writeInteger(der, at, raw, s, raw.length, sLength);
  return der;
}

/** The DER sequence that OpenSSL makes as R‖S, each half padded to its length. */
export function signatureOfDer(der: Uint8Array, signatureBytes: number): Uint8Array<ArrayBuffer> {
  const half = signatureBytes / 2;
  const raw = new Uint8Array(signatureBytes);
  const r = der[1] === LONG_FORM ? SHORT_HEADER + 1 : SHORT_HEADER;
  const s = copyInteger(der, r, raw, half);
  copyInteger(der, s, raw, signatureBytes);
  return raw;
}

/** The first octet of an integer that is not zero, or the last one. */
function firstOctet(octets: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to - 1 && octets[at] === 0) at++;
  return at;
}

/** One more octet where the integer would otherwise be negative. */
function signOctet(octets: Uint8Array, first: number): number {
  return (octets[first] ?? 0) >> 7;
}

function writeInteger(
  der: Uint8Array,
  start: number,
  raw: Uint8Array,
  first: number,
  end: number,
  length: number,
): number {
  let at = start;
  der[at++] = INTEGER;
  der[at++] = length;
  if (length > end - first) der[at++] = 0;
  for (let i = first; i < end; i++) der[at++] = raw[i] ?? 0;
  return at;
}

/** Copies an integer so that it ends at an octet of the target; gives the place behind it. */
function copyInteger(der: Uint8Array, start: number, raw: Uint8Array, end: number): number {
  const length = der[start + 1] ?? 0;
  const next = start + SHORT_HEADER + length;
  const half = raw.length / 2;
  for (let i = 1; i <= Math.min(length, half); i++) raw[end - i] = der[next - i] ?? 0;
  return next;
}
