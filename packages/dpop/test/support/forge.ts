// Encoders and arithmetic for proofs that no library writes. Nothing here is the code under test.
import { constants, createHash, privateEncrypt } from 'node:crypto';
import { decodeJws, rawSignature, type TestKey, toBase64url } from '@keybound/test-kit';

/** Header and payload parts as they are, signed by a key. */
export function seal(
  headerPart: string,
  payloadPart: string,
  { privateKey, alg }: TestKey,
): string {
  const input = `${headerPart}.${payloadPart}`;
  return `${input}.${toBase64url(rawSignature(alg, privateKey, input))}`;
}

/** The three parts of a compact JWS. */
export function split(jws: string): {
  header: string;
  payload: string;
  signature: string;
  input: string;
} {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  return { header, payload, signature, input: `${header}.${payload}` };
}

/** The same header and payload with another signature. */
export function resign(
  jws: string,
  change: (signature: Buffer, input: string) => Uint8Array,
): string {
  const { input, signature } = split(jws);
  return `${input}.${toBase64url(change(Buffer.from(signature, 'base64url'), input))}`;
}

/** The header or payload of a proof as an object. */
export const headerOf = (jws: string): Record<string, unknown> => decodeJws(jws).header;
export const payloadOf = (jws: string): Record<string, unknown> => decodeJws(jws).payload;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another spelling of the same octets: one of the unused bits of the last character is set. */
export function withTailBits(base64url: string): string {
  if (base64url.length % 4 < 2) throw new Error('these octets leave no unused bits');
  const last = ALPHABET.indexOf(base64url.at(-1) ?? '');
  return base64url.slice(0, -1) + ALPHABET.charAt(last | 1);
}

/** Blanks after a JSON text until its base64url form has unused bits. */
export function withRoomForTailBits(json: string): string {
  return Buffer.byteLength(json) % 3 === 0 ? `${json} ` : json;
}

export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

export function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

// --- ECDSA -----------------------------------------------------------------------------------------

export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const P521_PRIME = 2n ** 521n - 1n;
export const P521_ORDER =
  0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n;

/** Reads R‖S, changes the integers, writes them with the same lengths. */
export function mapRs(
  signature: Buffer,
  change: (r: bigint, s: bigint) => readonly [bigint, bigint],
): Buffer {
  const half = signature.length / 2;
  const [r, s] = change(toBigInt(signature.subarray(0, half)), toBigInt(signature.subarray(half)));
  return Buffer.concat([toBytes(r, half), toBytes(s, half)]);
}

/** The other signature of the same message: anyone can make it, no key is needed. */
export const negateS = (signature: Buffer): Buffer =>
  mapRs(signature, (r, s) => [r, P256_ORDER - s]);

/** The upper or lower one of the two. */
export function withS(half: 'high' | 'low', signature: Buffer): Buffer {
  const s = toBigInt(signature.subarray(32));
  return s > P256_ORDER / 2n === (half === 'high') ? signature : negateS(signature);
}

/** The ASN.1 form that other protocols use. */
export function toDer(signature: Buffer): Buffer {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((half) => {
    const minimal = half.subarray(
      Math.max(
        0,
        half.findIndex((octet) => octet !== 0),
      ),
    );
    const value = (minimal[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), minimal]) : minimal;
    return Buffer.concat([Buffer.of(2, value.length), value]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

// --- RSA -------------------------------------------------------------------------------------------

const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const DIGEST_INFO_WITHOUT_NULL = Buffer.from('302f300b06096086480165030402010420', 'hex');

/** The padded hash of PKCS #1 v1.5: with e = 1 it is its own signature. */
export function pkcs1Block(input: string, octets: number, info: Buffer = DIGEST_INFO): Buffer {
  const end = Buffer.concat([info, createHash('sha256').update(input).digest()]);
  const filling = Buffer.alloc(octets - end.length - 3, 0xff);
  return Buffer.concat([Buffer.of(0, 1), filling, Buffer.of(0), end]);
}

/** A signature made with the key, over a padding whose DigestInfo lacks the NULL. */
export function signWithoutNull(input: string, { privateKey }: TestKey): Buffer {
  return privateEncrypt(
    { key: privateKey, padding: constants.RSA_NO_PADDING },
    pkcs1Block(input, 256, DIGEST_INFO_WITHOUT_NULL),
  );
}

/** For e = 3 and a verifier that does not look behind the hash (Bleichenbacher 2006). */
export function cubeRootForgery(input: string): Buffer {
  const hash = createHash('sha256').update(input).digest();
  const start = Buffer.concat([
    Buffer.of(0, 1),
    Buffer.alloc(8, 0xff),
    Buffer.of(0),
    DIGEST_INFO,
    hash,
  ]);
  const wanted = toBigInt(Buffer.concat([start, Buffer.alloc(256 - start.length, 0xff)]));
  let root = 0n;
  for (let bit = 1n << 683n; bit > 0n; bit >>= 1n) {
    if ((root | bit) ** 3n <= wanted) root |= bit;
  }
  return toBytes(root, 256);
}

// --- Ed25519 (RFC 8032 §5.1), written with whole numbers ------------------------------------------------

const P = 2n ** 255n - 19n;
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));

/** X, Y, Z and T with x = X/Z, y = Y/Z, xy = T/Z. */
type Point = readonly [bigint, bigint, bigint, bigint];

function mod(value: bigint, modulus: bigint = P): bigint {
  return ((value % modulus) + modulus) % modulus;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [mod(base), exponent]; e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b);
  }
  return result;
}

const point = (x: bigint, y: bigint): Point => [x, y, 1n, mod(x * y)];

const IDENTITY: Point = point(0n, 1n);
const BASE: Point = point(
  15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  46316835694926478169428394003475163141307993866256225615783033603165251855960n,
);

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(scalar: bigint, by: Point): Point {
  let result = IDENTITY;
  for (let [k, p] = [scalar, by]; k > 0n; k >>= 1n, p = add(p, p)) {
    if (k & 1n) result = add(result, p);
  }
  return result;
}

const littleEndian = (value: bigint): Buffer => toBytes(value, 32).reverse();
const fromLittleEndian = (bytes: Uint8Array): bigint => toBigInt(Buffer.from(bytes).reverse());

function encodePoint([x, y, z]: Point): Buffer {
  const inverse = power(z, P - 2n);
  return littleEndian(mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n));
}

/** As lax as can be: y is reduced, and a sign that x = 0 cannot have is ignored. */
function decodePoint(octets: Uint8Array): Point {
  const value = fromLittleEndian(octets);
  const y = mod(value & ((1n << 255n) - 1n));
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square) throw new Error('not a point of the curve');
  return point((x & 1n) === value >> 255n ? x : mod(-x), y);
}

const sha512 = (...parts: Uint8Array[]): Buffer =>
  createHash('sha512').update(Buffer.concat(parts)).digest();

/**
 * Whether S·B = R + h·A, the equation of RFC 8032 §5.1.7 and nothing else: OpenSSL 3.0 asks no more,
 * newer ones refuse points of small order themselves.
 */
export function fitsEd25519Equation(jws: string): boolean {
  const { input, signature } = split(jws);
  const octets = Buffer.from(signature, 'base64url');
  const key = Buffer.from((headerOf(jws).jwk as { x: string }).x, 'base64url');
  const h = fromLittleEndian(sha512(octets.subarray(0, 32), key, Buffer.from(input)));
  const left = multiply(fromLittleEndian(octets.subarray(32)), BASE);
  const right = add(
    decodePoint(octets.subarray(0, 32)),
    multiply(mod(h, ED25519_ORDER), decodePoint(key)),
  );
  return encodePoint(left).equals(encodePoint(right));
}

/** Encodings of points for which signatures can be made without a private key. */
export const SMALL_ORDER_POINTS: Readonly<Record<string, string>> = {
  'the identity': `01${'00'.repeat(31)}`,
  'order 2': `ec${'ff'.repeat(30)}7f`,
  'order 4': '00'.repeat(32),
  'order 4, other sign': `${'00'.repeat(31)}80`,
  'order 8': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'order 8, other sign': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'order 8, other y': 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'order 8, other y, other sign':
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
};

/** R = identity, S = 0: right for every message that hashes to a multiple of the key's order. */
export const KEYLESS_ED25519_SIGNATURE: Buffer = Buffer.concat([
  encodePoint(IDENTITY),
  Buffer.alloc(32),
]);

/** S + L in place of S: the same signature for a verifier that does not check the range. */
export function withUnreducedS(signature: Buffer): Buffer {
  const s = fromLittleEndian(signature.subarray(32)) + ED25519_ORDER;
  return Buffer.concat([signature.subarray(0, 32), littleEndian(s)]);
}

/** A signature of Ed25519ph, made with the private key. */
export function signEd25519ph(input: string, { privateJwk, publicJwk }: TestKey): Buffer {
  const dom = Buffer.concat([Buffer.from('SigEd25519 no Ed25519 collisions'), Buffer.of(1, 0)]);
  const expanded = sha512(Buffer.from(privateJwk.d ?? '', 'base64url'));
  expanded[0] = (expanded[0] ?? 0) & 248;
  expanded[31] = ((expanded[31] ?? 0) & 127) | 64;
  const scalar = fromLittleEndian(expanded.subarray(0, 32));
  const hash = sha512(Buffer.from(input));
  const r = mod(fromLittleEndian(sha512(dom, expanded.subarray(32), hash)), ED25519_ORDER);
  const big = encodePoint(multiply(r, BASE));
  const x = Buffer.from(publicJwk.x ?? '', 'base64url');
  const k = mod(fromLittleEndian(sha512(dom, big, x, hash)), ED25519_ORDER);
  return Buffer.concat([big, littleEndian(mod(r + k * scalar, ED25519_ORDER))]);
}
