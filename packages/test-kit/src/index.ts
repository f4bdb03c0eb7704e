export { createTestClock, NOW, type TestClock } from './clock.ts';
export {
  type ReceivedRequest,
  type ServerAnswer,
  startServer,
  type TestServer,
} from './http-server.ts';
export {
  decodeJws,
  type JsonOrText,
  type JwsParts,
  rawSignature,
  sha256,
  signJws,
  thumbprint,
  toBase64url,
} from './jws.ts';
export { KEYS, type KeyName, type TestKey } from './keys.ts';
export {
  ISSUER,
  keySet,
  mintProof,
  mintToken,
  type ProofOverrides,
  RESOURCE,
  type TokenOverrides,
} from './mint.ts';
export {
  findProgram,
  freePort,
  PROGRAMS,
  type ProgramNeeded,
  type ProgramOptions,
  programOrSkip,
  type RunningProgram,
  startProgram,
  temporaryFolder,
  until,
} from './programs.ts';
export { fieldValues, parseResponse, type RawResponse, sendRaw } from './raw-http.ts';
export { type RedisServer, startRedis } from './redis-server.ts';
export { type FieldLines, type TestRequest, testRequest } from './request.ts';
export {
  createTestSchemes,
  type SchemeParts,
  type TestNonces,
  type TestSchemes,
} from './schemes.ts';
