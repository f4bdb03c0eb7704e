import { LEFT_OUT } from './report.ts';

/**
 * As much of `node:crypto` as the keys of the tests need to be read in a browser. What makes a signature
 * or a hash with it is left out there.
 */
interface BrowserKey {
  export(): Readonly<Record<string, string>>;
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'];

export function createPrivateKey({ key }: { key: Readonly<Record<string, string>> }): BrowserKey {
  return { export: () => key };
}

export function createPublicKey(key: BrowserKey): BrowserKey {
  const members = Object.entries(key.export()).filter(([name]) => PUBLIC_MEMBERS.includes(name));
  return { export: () => Object.fromEntries(members) };
}

export const randomUUID = (): string => crypto.randomUUID();

function absent(): never {
  throw new Error(`${LEFT_OUT}signs or hashes with the cryptography of Node`);
}

export const createHash: () => never = absent;
export const sign: () => never = absent;
export const verify: () => never = absent;
export const constants = {};
