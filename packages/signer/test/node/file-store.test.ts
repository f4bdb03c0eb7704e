import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateKeyPair, type SignatureAlgorithm } from '@keybound/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProof, createSignerFromKeyPair, openSigner, type Store } from '../../src/index.ts';
import { createFileStore } from '../../src/node.ts';
import { signerError } from '../support/errors.ts';
import { verifiedProof } from '../support/proofs.ts';

const PASSPHRASE = 'correct horse battery staple';
const HEADER_BYTES = 28;

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A path where nothing is yet. */
function newPath(): string {
  return join(folder, `store-${++count}`);
}

function storeAt(path: string, passphrase = PASSPHRASE): Store {
  return createFileStore({ path, passphrase });
}

/** A file with one value in it. */
async function writtenFile(value: unknown = 'a value'): Promise<string> {
  const path = newPath();
  await storeAt(path).set('name', value);
  return path;
}

describe('values', () => {
  // One for all rows: deriving the keys takes most of the time.
  const path = join(tmpdir(), `file-store-${randomUUID()}`);
  const [writer, reader] = [storeAt(path), storeAt(path)];
  afterAll(() => rm(path));

  it.each([
    ['a text', 'äöü ☃ \u0000'],
    ['a number', -0.5],
    ['false', false],
    ['null', null],
    ['a list', [1, [2, null], { a: [] }]],
    ['an object', { tokens: { refresh: 'r', expiresAt: 12 } }],
    ['members that look like those of the file', { $keyPair: 1, $$keyPair: [{ $: 2 }], a$: 3 }],
    ['a member that is the prototype elsewhere', JSON.parse('{"__proto__": {"a": 1}}')],
  ])('%s → the same from another store', async (_, value) => {
    await writer.set('name', value);
    expect(await reader.get('name')).toEqual(value);
  });

  it('a member that is undefined → left out', async () => {
    await writer.set('name', { a: 1, b: undefined });
    expect(await reader.get('name')).toStrictEqual({ a: 1 });
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['octets', new Uint8Array(2)],
    ['a map in a list', [new Map()]],
    ['a number that is none', { a: Number.NaN }],
    ['a large integer', 1n],
  ])('%s → TypeError, and no file', async (_, value) => {
    const path = newPath();
    await expect(storeAt(path).set('name', value)).rejects.toThrow(TypeError);
    await expect(storeAt(path).add('name', value)).rejects.toThrow(TypeError);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('set, add, delete, under several names → each does what the interface says', async () => {
    const store = storeAt(newPath());
    await store.delete('a');
    expect(await store.get('a')).toBeUndefined();
    expect(await store.add('a', 1)).toBe(1);
    expect(await store.add('a', 2)).toBe(1);
    await store.set('__proto__', 3);
    await store.set('a', 4);
    expect([await store.get('a'), await store.get('__proto__')]).toEqual([4, 3]);
    await store.delete('a');
    expect([await store.get('a'), await store.get('toString')]).toEqual([undefined, undefined]);
    expect(await store.get('__proto__')).toBe(3);
  });
});

describe('key pairs', () => {
  it.each<SignatureAlgorithm>(['ES256', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS384'])(
    '%s anywhere in a value → a pair that signs, extractable',
    async (algorithm) => {
      const pair = await generateKeyPair(algorithm, true);
      const path = await writtenFile({ keys: [pair], other: 'text' });
      const read = (await storeAt(path).get('name')) as { readonly keys: readonly CryptoKeyPair[] };
      expect(read).toMatchObject({ other: 'text' });
      const [readPair] = read.keys;
      if (readPair === undefined) throw new Error('no pair');
      const { privateKey, publicKey } = readPair;
      expect(privateKey).toMatchObject({ type: 'private', extractable: true, usages: ['sign'] });
      expect(publicKey).toMatchObject({ type: 'public', extractable: true, usages: ['verify'] });
      expect(privateKey.algorithm).toEqual(pair.privateKey.algorithm);
      const signer = await createSignerFromKeyPair(readPair, algorithm);
      const proof = await createProof(signer, { method: 'GET', uri: 'https://rs.example/r' });
      expect((await verifiedProof(proof)).header.alg).toBe(algorithm);
    },
  );

  it('openSigner in one process after another → the same key', async () => {
    const path = newPath();
    const first = await openSigner({ store: storeAt(path) });
    const second = await openSigner({ store: storeAt(path) });
    expect(second.publicJwk).toEqual(first.publicJwk);
  });

  it('a private key that is not extractable → TypeError that says what to do', async () => {
    const pair = await generateKeyPair('ES256', false);
    const storing = storeAt(newPath()).set('name', { pair });
    await expect(storing).rejects.toThrow(TypeError);
    await expect(storing).rejects.toThrow(/not extractable.*needsExtractableKeys/);
  });

  it('a key outside a pair, or for something else than signing → TypeError', async () => {
    const { publicKey } = await generateKeyPair('ES256', true);
    const ecdh = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ]);
    for (const value of [publicKey, { publicKey }, ecdh]) {
      await expect(storeAt(newPath()).set('name', value)).rejects.toThrow(TypeError);
    }
  });
});

describe('a file that cannot be read', () => {
  it('another passphrase → store_unreadable from each method, and the file stays', async () => {
    const path = await writtenFile('secret content');
    const before = await readFile(path);
    const store = storeAt(path, 'another passphrase');
    for (const call of [
      () => store.get('name'),
      () => store.set('name', 1),
      () => store.add('name', 1),
      () => store.delete('name'),
    ]) {
      const error = await signerError(call());
      expect(error.code).toBe('store_unreadable');
      expect(error.cause).toBeUndefined();
      expect(error.message).toContain('passphrase');
      expect(error.message).not.toMatch(/another passphrase|correct horse|secret content/);
    }
    expect(await readFile(path)).toEqual(before);
  });

  it('one flipped bit anywhere → store_unreadable', async () => {
    const path = await writtenFile();
    const good = await readFile(path);
    const store = storeAt(path);
    for (const [at, octet] of good.entries()) {
      // Of the salt three octets only, since each takes the time of a derivation.
      if (at >= 12 && at < HEADER_BYTES && at % 6 !== 0) continue;
      const changed = Buffer.from(good);
      changed[at] = octet ^ 1;
      await writeFile(path, changed);
      expect((await signerError(store.get('name'))).code).toBe('store_unreadable');
    }
    await writeFile(path, good);
    expect(await store.get('name')).toBe('a value');
  });

  it.each([
    ['nothing at all', 0],
    ['half a header', 14],
    ['the header alone', HEADER_BYTES],
    ['no whole tag', HEADER_BYTES + 12 + 15],
    ['no text', HEADER_BYTES + 12 + 16],
  ])('%s → store_unreadable', async (_, octets) => {
    const path = await writtenFile();
    await writeFile(path, (await readFile(path)).subarray(0, octets));
    expect((await signerError(storeAt(path).get('name'))).code).toBe('store_unreadable');
  });

  it.each([
    ['the last octet missing', (good: Buffer) => good.subarray(0, -1)],
    ['one octet more', (good: Buffer) => Buffer.concat([good, Buffer.of(0)])],
    [
      'some other file',
      () => Buffer.from('{"this": "is a file of somebody else, and a long one"}'),
    ],
  ])('%s → store_unreadable', async (_, change) => {
    const path = await writtenFile();
    await writeFile(path, change(await readFile(path)));
    expect((await signerError(storeAt(path).get('name'))).code).toBe('store_unreadable');
  });

  it.each([
    ['a version to come', 8, 2, /version 2 is unknown/],
    ['N of 2^16', 9, 16, /scrypt parameters/],
    ['N of 2^255', 9, 255, /scrypt parameters/],
    ['N of 1', 9, 0, /scrypt parameters/],
    ['r of 9', 10, 9, /scrypt parameters/],
    ['p of 255', 11, 255, /scrypt parameters/],
  ])('%s → store_unreadable at once', async (_, at, octet, message) => {
    const path = await writtenFile();
    const changed = await readFile(path);
    changed[at] = octet;
    await writeFile(path, changed);
    const error = await signerError(storeAt(path).get('name'));
    expect([error.code, error.message]).toEqual([
      'store_unreadable',
      expect.stringMatching(message),
    ]);
  });

  it('a folder in its place, or no folder around it → what the file system says', async () => {
    await expect(storeAt(folder).get('name')).rejects.toThrow('EISDIR');
    const path = join(folder, 'none', 'store');
    expect(await storeAt(path).get('name')).toBeUndefined();
    await expect(storeAt(path).set('name', 1)).rejects.toThrow('ENOENT');
  });
});

describe('the file', () => {
  it('written once and again → mode 0600, nothing in clear, another IV, the same salt', async () => {
    const path = await writtenFile('a refresh token');
    const first = await readFile(path);
    await storeAt(path).set('name', 'a refresh token');
    const second = await readFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const octets of [first, second]) {
      for (const clear of ['refresh', 'name', PASSPHRASE])
        expect(octets.includes(clear)).toBe(false);
    }
    expect(second.subarray(0, HEADER_BYTES)).toEqual(first.subarray(0, HEADER_BYTES));
    const ivs = [first, second].map((octets) => octets.subarray(HEADER_BYTES, HEADER_BYTES + 12));
    expect(ivs[0]).not.toEqual(ivs[1]);
  });

  it('two files of one passphrase → two salts', async () => {
    const [a, b] = await Promise.all(
      [writtenFile(), writtenFile()].map(async (p) => readFile(await p)),
    );
    expect(a?.subarray(12, HEADER_BYTES)).not.toEqual(b?.subarray(12, HEADER_BYTES));
  });

  it('a temporary file of a crash beside it → no harm, and none of ours stays', async () => {
    const path = await writtenFile();
    await writeFile(`${path}.crashed.tmp`, 'half');
    await storeAt(path).set('name', 'new');
    expect(await storeAt(path).get('name')).toBe('new');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    expect(names).toEqual([expect.stringMatching(/\.crashed\.tmp$/)]);
    await rm(`${path}.crashed.tmp`);
  });

  it('removed under a store → a new one with the next value', async () => {
    const path = newPath();
    const store = storeAt(path);
    await store.set('a', 1);
    await rm(path);
    await store.set('b', 2);
    expect([await storeAt(path).get('a'), await storeAt(path).get('b')]).toEqual([undefined, 2]);
  });
});

describe('at the same time', () => {
  it('many operations of two stores of one process → none is lost', async () => {
    const path = newPath();
    const stores = [storeAt(path), storeAt(path)] as const;
    const numbers = [...Array(12).keys()];
    await Promise.all(numbers.map((n) => stores[n % 2]?.set(`n${n}`, n)));
    expect(await Promise.all(numbers.map((n) => stores[0].get(`n${n}`)))).toEqual(numbers);
  });

  it('two stores of one process that add → one value', async () => {
    const path = newPath();
    const kept = await Promise.all([1, 2].map((value) => storeAt(path).add('name', value)));
    expect(kept).toEqual([1, 1]);
  });

  it('a store that fails → the next operation works all the same', async () => {
    const path = await writtenFile(1);
    const results = await Promise.allSettled([
      storeAt(path, 'another passphrase').get('name'),
      storeAt(path).get('name'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('four processes that add → one value for all', async () => {
    const path = newPath();
    const module = new URL('../../src/node.ts', import.meta.url).href;
    const script = `
      const { createFileStore } = await import(${JSON.stringify(module)});
      const store = createFileStore(${JSON.stringify({ path, passphrase: PASSPHRASE })});
      process.stdout.write(await store.add('name', String(process.pid)));`;
    const args = ['--conditions=@keybound/source', '--input-type=module', '--eval', script];
    const run = promisify(execFile);
    const runs = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, args)));
    const kept = await storeAt(path).get('name');
    expect(runs.map(({ stdout }) => stdout)).toEqual([kept, kept, kept, kept]);
  });
});

describe('options', () => {
  it.each([
    ['an empty path', { path: '' }, /^path:/],
    ['a short passphrase', { passphrase: '1234567' }, /^passphrase: must have at least 8/],
    ['four characters of two units each', { passphrase: '🔑🔑🔑🔑' }, /^passphrase:/],
    ['no passphrase', { passphrase: undefined as unknown as string }, /^passphrase:/],
  ])('%s → TypeError', (_, options, message) => {
    const create = (): Store => createFileStore({ path: 'p', passphrase: PASSPHRASE, ...options });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });
});
