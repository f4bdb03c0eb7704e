import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { JsonObject, TestGroup, ThumbprintTest, VectorFile } from '../src/format.ts';
import { loadKeys, loadVectors } from '../src/load.ts';
import { loadAdapter } from '../src/load-adapter.ts';
import { startProcessAdapter } from '../src/process-adapter.ts';
import type { Adapter } from '../src/questions.ts';
import { runVectors } from '../src/run.ts';
import { verdicts } from './support/adapters.ts';
import { common, fileOf, requestTest, rsGroup } from './support/vectors.ts';

const python = 'python3';
const { error, stdout } = spawnSync(python, ['--version'], { encoding: 'utf8' });
const pythonIsThere = error === undefined && stdout.startsWith('Python 3');

const RSA: JsonObject = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
};
const EC = loadKeys().ec1?.jwk ?? {};
const { x } = EC as { readonly x: string };

function jkt(id: string, jwk: JsonObject, output: string | null): ThumbprintTest {
  const result = output === null ? 'invalid' : 'valid';
  return { ...common({ id, result }), input: { operation: 'jkt', jwk }, output };
}

function ath(id: string, token: string, output: string | null): ThumbprintTest {
  const result = output === null ? 'invalid' : 'valid';
  return { ...common({ id, result }), input: { operation: 'ath', token }, output };
}

const published = Object.entries(loadKeys()).filter(([, { jwk }]) => jwk.crv !== 'secp256k1');
const MALFORMED: readonly (readonly [string, JsonObject])[] = [
  ['no kty', { ...EC, kty: undefined }],
  ['kty of an object', { ...EC, kty: '__proto__' }],
  ['kty in lower case', { ...EC, kty: 'ec' }],
  ['symmetric', { kty: 'oct', k: 'AA' }],
  ['x a number', { ...EC, x: 1 }],
  ['x missing', { ...EC, x: undefined }],
  ['x padded', { ...EC, x: `${x}=` }],
  ['x with a blank', { ...EC, x: `${x} ` }],
  ['x with a line feed', { ...EC, x: `${x}\n` }],
  ['x short', { ...EC, x: x.slice(0, -3) }],
  ['x in the other alphabet', { ...EC, x: `+/${x.slice(2)}` }],
  ['x beyond ASCII', { ...EC, x: `\u00fc${x.slice(1)}` }],
  ['x with unused bits', { ...EC, x: `${x.slice(0, -1)}B` }],
  ['another curve', { ...EC, crv: 'P-192' }],
  ['a curve of another type', { ...EC, crv: 'Ed25519' }],
  ['n with a leading zero', { ...RSA, n: `AA${RSA.n}` }],
  ['e empty', { ...RSA, e: '' }],
];

const TESTS: readonly ThumbprintTest[] = [
  ...published.map(([name, key]) => jkt(name, key.jwk, key.jkt ?? null)),
  ...published.map(([name, key]) => jkt(`${name}-pair`, key.privateJwk ?? {}, key.jkt ?? null)),
  ...MALFORMED.map(([id, jwk]) => jkt(id, JSON.parse(JSON.stringify(jwk)), null)),
  // The sample of RFC 9449 §4.2.
  ath(
    'token',
    'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
    'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
  ),
  ath('no token', 'a b', null),
  ath('empty', '', null),
  ath('line feed', 'a\n', null),
];

const FILES: readonly VectorFile[] = [
  fileOf(
    {
      id: 'hashes',
      type: 'Thumbprint',
      comment: 'Hashes.',
      config: { hash: 'SHA-256' },
      tests: TESTS,
    } satisfies TestGroup,
    rsGroup(requestTest({ id: 'a-request' })),
  ),
];

async function expectScope(adapter: Adapter): Promise<void> {
  const report = await runVectors(adapter, { files: FILES });
  expect(report.results.flatMap(({ id, sentences }) => sentences.map((one) => [id, one]))).toEqual([
    ['a-request', 'This example has no verifier.'],
  ]);
  expect(verdicts(report)).toEqual({
    ...Object.fromEntries(TESTS.map(({ id }) => [id, 'passed'])),
    'a-request': 'skipped',
  });
}

/** Of the published vectors the examples may only skip, and pass; what the RFCs leave open may be a warning. */
async function expectNoFailure(adapter: Adapter): Promise<void> {
  const { counts, results } = await runVectors(adapter, { files: loadVectors() });
  expect(results.filter(({ verdict }) => verdict === 'failure')).toEqual([]);
  expect(counts.notTestable).toBe(0);
}

describe('the example in JavaScript', () => {
  const load = () =>
    loadAdapter(fileURLToPath(new URL('../examples/javascript/adapter.js', import.meta.url)));

  test('answers thumbprints, and skips what it does not answer', async () => {
    await expectScope(await load());
  });

  test('fails none of the published vectors', async () => {
    await expectNoFailure(await load());
  });
});

const reason = pythonIsThere ? '' : ' (SKIPPED: there is no python3 on this machine)';

describe.skipIf(!pythonIsThere)(`the example in Python${reason}`, () => {
  const script = fileURLToPath(new URL('../examples/python/adapter.py', import.meta.url));
  const start = () => startProcessAdapter({ command: python, args: [script] });

  test('answers thumbprints, and skips what it does not answer', async () => {
    await expectScope(await start());
  });

  test('fails none of the published vectors', async () => {
    await expectNoFailure(await start());
  });
});
