/** Keys of a private or public JWK that say which key it is, and nothing about who may do what with it. */
const KEY_MEMBERS: ReadonlySet<string> = new Set(
  'kty crv x y d n e p q dp dq qi'.split(' '), // RFC 7518 §6, RFC 8037 §2
);

/** The member whose value is a written key pair. No other member is written under this name. */
const KEY_PAIR = '$keyPair';

/** What of `CryptoKey.algorithm` is needed to read the key back. */
interface KeyParameters {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: string;
}

/** A key pair as it is written. */
interface WrittenKeyPair {
  readonly algorithm: KeyParameters;
  readonly publicKey: JsonWebKey;
  readonly privateKey: JsonWebKey;
}

/**
 * A value as JSON can hold it: JSON values stay what they are, and the key pairs among them become JWKs.
 *
 * @throws TypeError for what would not come back as it was: a private key that is not extractable, a key
 * outside a pair, a number that is not finite, an object that is more than its members.
 */
export async function toWritten(value: unknown): Promise<unknown> {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return Promise.all(Array.from(value, toWritten));
  // By its tag, because objects of other realms and without a prototype are plain ones as well.
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw new TypeError(
      'value: a file keeps JSON values and key pairs of WebCrypto, and nothing else',
    );
  }
  const members = Object.entries(value as object);
  if (isKeyPair(value) && members.length === 2) return { [KEY_PAIR]: await toWrittenPair(value) };
  const written = members
    // As JSON does, and nobody misses it: reading the member gives undefined again.
    .filter(([, member]) => member !== undefined)
    .map(async ([name, member]) => [name.replace(/^\$/, '$$$$'), await toWritten(member)] as const);
  return Object.fromEntries(await Promise.all(written));
}

/**
 * The value that {@link toWritten} made this of. Its private keys are extractable and sign, its public
 * keys verify.
 *
 * @throws DOMException `NotSupportedError` when the runtime does not know the algorithm of a key.
 */
export async function fromWritten(written: unknown): Promise<unknown> {
  if (Array.isArray(written)) return Promise.all(written.map(fromWritten));
  if (typeof written !== 'object' || written === null) return written;
  const pair = (written as { readonly [KEY_PAIR]?: WrittenKeyPair })[KEY_PAIR];
  if (pair !== undefined) return fromWrittenPair(pair);
  const members = Object.entries(written).map(
    async ([name, member]) => [name.replace(/^\$\$/, '$'), await fromWritten(member)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  const { publicKey, privateKey } = value as Partial<Record<string, unknown>>;
  return publicKey instanceof CryptoKey && privateKey instanceof CryptoKey;
}

async function toWrittenPair({ publicKey, privateKey }: CryptoKeyPair): Promise<WrittenKeyPair> {
  if (!privateKey.extractable || !publicKey.extractable) {
    throw new TypeError(
      'value: a key that is not extractable cannot be written to a file; make the pair with ' +
        'extractable true, as openSigner does where needsExtractableKeys says so',
    );
  }
  if (!privateKey.usages.includes('sign') || publicKey.type !== 'public') {
    throw new TypeError('value: a file keeps key pairs for signing, and no others');
  }
  const { name, namedCurve, hash } = privateKey.algorithm as EcKeyAlgorithm & RsaHashedKeyAlgorithm;
  return {
    algorithm: { name, ...(namedCurve && { namedCurve }), ...(hash && { hash: hash.name }) },
    publicKey: await exportKey(publicKey),
    privateKey: await exportKey(privateKey),
  };
}

async function exportKey(key: CryptoKey): Promise<JsonWebKey> {
  const jwk = await crypto.subtle.exportKey('jwk', key);
  // Releases of Node write different `alg` for Ed25519, and refuse to read another's.
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => KEY_MEMBERS.has(name)));
}

async function fromWrittenPair(written: WrittenKeyPair): Promise<CryptoKeyPair> {
  const { algorithm, publicKey, privateKey } = written;
  const { subtle } = crypto;
  const [readPublicKey, readPrivateKey] = await Promise.all([
    subtle.importKey('jwk', publicKey, algorithm, true, ['verify']),
    subtle.importKey('jwk', privateKey, algorithm, true, ['sign']),
  ]);
  return { publicKey: readPublicKey, privateKey: readPrivateKey };
}
