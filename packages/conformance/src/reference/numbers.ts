/** The number that octets stand for, the most significant first. */
export function numberOf(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex') || '0'}`);
}

/** So many octets of a number; undefined when it does not fit. */
export function octetsOf(number: bigint, length: number): Uint8Array | undefined {
  const hex = number.toString(16).padStart(length * 2, '0');
  return hex.length === length * 2 ? Buffer.from(hex, 'hex') : undefined;
}

/** The remainder that is not negative. */
export function modulo(number: bigint, modulus: bigint): bigint {
  return ((number % modulus) + modulus) % modulus;
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
