import * as nodeCrypto from 'node:crypto';
import { LEFT_OUT } from './report.ts';

/**
 * `node:crypto` of workerd, which knows key objects and refuses them in `{ key }`: there they go as PEM.
 * Only the mints of the tests and the judge of the vectors use it; the packages run on WebCrypto.
 */
export * from 'node:crypto';

type Options = Readonly<Record<string, unknown>>;

function asText(key: unknown): unknown {
  const { key: inner, ...options } = (key ?? {}) as Options;
  // It would pass over the option and sign with the padding of PKCS #1 v1.5.
  if (options.padding === nodeCrypto.constants.RSA_PKCS1_PSS_PADDING) {
    throw new Error(`${LEFT_OUT}its \`node:crypto\` has no RSA-PSS, which the test asks it for`);
  }
  if (!(inner instanceof nodeCrypto.KeyObject)) return key;
  const type = inner.type === 'private' ? 'pkcs8' : 'spki';
  return { ...options, key: inner.export({ format: 'pem', type } as never) };
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'];

/** Exports a JWK as Node does; workerd adds undefined members, and `alg` to a key for Ed25519. */
export const createPublicKey: typeof nodeCrypto.createPublicKey = (input) => {
  const key = nodeCrypto.createPublicKey(input);
  const exportKey = key.export.bind(key) as (options: unknown) => unknown;
  key.export = ((options: { format: string }) => {
    const exported = exportKey(options);
    if (options.format !== 'jwk') return exported;
    const members = Object.entries(exported as Options);
    return Object.fromEntries(
      members.filter(([name, value]) => PUBLIC_MEMBERS.includes(name) && value !== undefined),
    );
  }) as never;
  return key;
};

export const sign: typeof nodeCrypto.sign = ((...[hash, data, key]: [string, Buffer, unknown]) =>
  nodeCrypto.sign(hash, data, asText(key) as never)) as never;

export const verify: typeof nodeCrypto.verify = ((
  ...[hash, data, key, signature]: [string, Buffer, unknown, Buffer]
) => nodeCrypto.verify(hash, data, asText(key) as never, signature)) as never;

export const privateEncrypt: typeof nodeCrypto.privateEncrypt = (key, buffer) =>
  nodeCrypto.privateEncrypt(asText(key) as never, buffer);
