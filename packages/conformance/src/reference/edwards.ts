import { createHash } from 'node:crypto';
import { modulo, numberOf, power } from './numbers.ts';

export const P: bigint = 2n ** 255n - 19n;
/** The order of the group that the base point makes. */
export const L: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n), P);
const SQRT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n, P);
const SIGN_BIT = 2n ** 255n;

/** A point x, y of -x² + y² = 1 + dx²y². */
type Point = readonly [x: bigint, y: bigint];
const NEUTRAL: Point = [0n, 1n];
const BASE = pointOf(modulo(4n * inverse(5n), P), 0n);

/**
 * Whether a signature fits by RFC 8032 §5.1.7, and nothing else: any point will do. Newer versions of
 * OpenSSL refuse points of small order by themselves, older ones take them as this does.
 */
export function fitsAnyPoint(A: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const R = signature.subarray(0, 32);
  const [publicPoint, commitment] = [decoded(A), decoded(R)];
  if (BASE === undefined || publicPoint === undefined || commitment === undefined) return false;
  const hash = createHash('sha512').update(R).update(A).update(message).digest();
  const left = multiplied(littleEndian(signature.subarray(32)), BASE);
  const right = added(commitment, multiplied(littleEndian(hash) % (8n * L), publicPoint));
  return left[0] === right[0] && left[1] === right[1];
}

/** The y of an encoded point, which may be beyond the field. */
export function yOf(octets: Uint8Array): bigint {
  return littleEndian(octets) % SIGN_BIT;
}

export function littleEndian(octets: Uint8Array): bigint {
  return numberOf(Buffer.from(octets).reverse());
}

function decoded(octets: Uint8Array): Point | undefined {
  return pointOf(yOf(octets) % P, littleEndian(octets) / SIGN_BIT);
}

/** The point with this y; of the two x, the one with this last bit. */
function pointOf(y: bigint, bit: bigint): Point | undefined {
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n), P);
  let x = power(square, (P + 3n) / 8n, P);
  if ((x * x) % P !== square) x = (x * SQRT_OF_MINUS_ONE) % P;
  if ((x * x) % P !== square) return undefined;
  return [x % 2n === bit ? x : modulo(-x, P), y];
}

function added([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = D * x1 * x2 * y1 * y2;
  const x = (x1 * y2 + x2 * y1) * inverse(1n + product);
  const y = (y1 * y2 + x1 * x2) * inverse(1n - product);
  return [modulo(x, P), modulo(y, P)];
}

function multiplied(factor: bigint, point: Point): Point {
  let sum = NEUTRAL;
  for (const bit of factor.toString(2)) {
    sum = added(sum, sum);
    if (bit === '1') sum = added(sum, point);
  }
  return sum;
}

function inverse(number: bigint): bigint {
  return power(modulo(number, P), P - 2n, P);
}
