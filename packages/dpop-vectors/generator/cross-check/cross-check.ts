import type { AnyTest, RsConfig, TestGroup, VectorFile } from '../../src/format.ts';
import { verifyWithMathematics } from './mathematics.ts';
import { verifyWithJose } from './with-jose.ts';

type Jwk = Readonly<Record<string, unknown>>;

/**
 * Verifies every proof and token of every case that must be accepted with two implementations that share
 * no code with the encoder's signatures: jose over OpenSSL, and `@noble/curves` (RSA by raising to the
 * public exponent). A case with the flag `ForeignSignature` is left out: its signature is the point of
 * the case.
 *
 * @returns how many signatures were verified
 * @throws Error that names the case, when either of them refuses
 */
export async function crossCheck(files: readonly VectorFile[]): Promise<number> {
  let count = 0;
  for (const { file, testGroups } of files) {
    for (const group of testGroups) {
      for (const test of group.tests as readonly AnyTest[]) {
        if (!mustBeAccepted(test)) continue;
        for (const jws of jwsIn(test)) {
          const key = keyFor(jws, group);
          if (key === undefined) continue;
          await check(`${file}/${test.id}`, jws, key);
          count++;
        }
      }
    }
  }
  return count;
}

function mustBeAccepted(test: AnyTest): boolean {
  const isGood = test.result === 'valid' || test.policy === 'accept';
  return isGood && !test.flags.includes('ForeignSignature') && !('assertions' in test);
}

/** Every text in the accepted messages of a case that has the form of a compact JWS. */
function jwsIn(test: AnyTest): readonly string[] {
  const text = JSON.stringify(messagesOf(test));
  return [...new Set(text.match(/eyJ[\w-]+\.[\w-]*\.[\w-]*/g) ?? [])];
}

function messagesOf(test: AnyTest): unknown {
  if ('steps' in test) {
    return test.steps
      .filter(({ result, policy }) => result === 'valid' || policy === 'accept')
      .map(({ requests }) => requests);
  }
  if ('request' in test) return test.request;
  return 'token' in test ? test.token : 'raw' in test && test.raw;
}

/** The embedded key of a proof, the published key of a token. */
function keyFor(jws: string, group: TestGroup): Jwk | undefined {
  const header = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString());
  if (header.jwk) return header.jwk;
  const { jwks } = group.config as Partial<RsConfig>;
  return jwks?.keys.find(({ kid }) => kid === header.kid);
}

async function check(name: string, jws: string, key: Jwk): Promise<void> {
  for (const [who, verify] of [
    ['jose', verifyWithJose],
    ['the second verifier', verifyWithMathematics],
  ] as const) {
    if (!(await verify(jws, key))) throw new Error(`${name}: ${who} refuses ${jws.slice(0, 40)}…`);
  }
}
