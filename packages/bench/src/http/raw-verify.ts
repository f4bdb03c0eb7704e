import { randomBytes, sign, verify } from 'node:crypto';
import type { SignatureThread } from '@keybound/core';
import type { FastifyInstance } from 'fastify';
import { SUITE } from './suite.ts';

type Done = (error?: Error) => void;

/** As long as the signing input of a proof. */
const SIGNING_INPUT_BYTES = 480;

/**
 * A hook that verifies one ES256 signature for each request in the fastest form OpenSSL takes (DER, bare key
 * object) and looks at nothing in the request. The signature is always the same one: OpenSSL takes as
 * long for it the thousandth time.
 */
export async function protectWithRawVerify(
  app: FastifyInstance,
  thread: SignatureThread,
): Promise<void> {
  const { privateKey, publicKey } = SUITE.client;
  const data = randomBytes(SIGNING_INPUT_BYTES);
  const signature = sign('sha256', data, privateKey);
  const main = (done: Done): void => end(done, verify('sha256', data, publicKey, signature));
  const pool = (done: Done): void =>
    verify('sha256', data, publicKey, signature, (error, isGood) =>
      error ? done(error) : end(done, isGood),
    );
  const verifyOne = { main, pool, adaptive: adaptive(main, pool) }[thread];
  app.addHook('onRequest', (_request, _reply, done) => verifyOne(done));
}

function end(done: Done, isGood: boolean): void {
  if (isGood) done();
  else done(new Error('signature does not verify'));
}

/**
 * The first of a turn of the event loop at once, further ones on the pool: the rule of ours, without what ours
 * learns from callers that wait for one check after the other within a turn, of which there are none here.
 */
function adaptive(main: (done: Done) => void, pool: (done: Done) => void): (done: Done) => void {
  let isFirst = true;
  const nextTurn = (): void => {
    isFirst = true;
  };
  return (done) => {
    if (!isFirst) return pool(done);
    isFirst = false;
    setImmediate(nextTurn);
    main(done);
  };
}
