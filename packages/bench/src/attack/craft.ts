import { randomUUID } from 'node:crypto';
import {
  decodeJws,
  KEYS,
  mintProof,
  mintToken,
  NOW,
  type ProofOverrides,
  RESOURCE,
  sha256,
  type TestKey,
} from '@keybound/test-kit';
import { tamper } from '../requests.ts';
import type { WrittenRequest } from './attack.ts';

/** What is said in one request; the rest is as honest clients write it. */
export interface Parts {
  readonly token?: string;
  readonly proof?: string;
  readonly authorization?: string;
  readonly host?: string;
  readonly target?: string;
  readonly furtherHeaders?: readonly string[];
}

/** A request with the fields that clients and proxies send anyway. */
export function written(parts: Parts): WrittenRequest {
  const { token = '', proof, host = new URL(RESOURCE).host, target = '/r' } = parts;
  const rawHeaders = [
    ...['Host', host],
    ...['User-Agent', 'client/1.0'],
    ...['Accept', 'application/json'],
    ...['Authorization', parts.authorization ?? `DPoP ${token}`],
    ...(proof === undefined ? [] : ['DPoP', proof]),
    ...(parts.furtherHeaders ?? []),
  ];
  return { target, rawHeaders };
}

/** Tokens bound to the keys of clients, each the same all the time, as a client has them. */
const tokens = new Map<TestKey, string>();

export function tokenOf(key: TestKey): string {
  const token = tokens.get(key) ?? mintToken({ boundTo: key });
  tokens.set(key, token);
  return token;
}

/** A request with the client's own token and a proof that fits it but for what is said otherwise. */
export function presented(proof: ProofOverrides = {}, parts: Parts = {}): WrittenRequest {
  const token = parts.token ?? tokenOf(proof.key ?? KEYS.alice);
  return written({ ...parts, token, proof: mintProof({ token, ...proof }) });
}

/**
 * A request by somebody who has seen one: the token and the public key of an honest client, and a signature
 * that nobody made.
 */
export function copied(proof: ProofOverrides = {}, parts: Parts = {}): WrittenRequest {
  const token = tokenOf(KEYS.alice);
  return written({ ...parts, token, proof: tamper(mintProof({ token, ...proof })) });
}

/** The text of a JSON object with members added at its end. */
export function withMembers(object: Readonly<Record<string, unknown>>, members: string): string {
  return `${JSON.stringify(object).slice(0, -1)},${members}}`;
}

/** The claims of a good proof for a token. */
export function goodClaims(token: string): Record<string, unknown> {
  return { jti: randomUUID(), htm: 'GET', htu: `${RESOURCE}/r`, iat: NOW, ath: sha256(token) };
}

/** The claims of a good token for Alice's key. */
export function goodTokenClaims(): Record<string, unknown> {
  return decodeJws(mintToken({ boundTo: KEYS.alice })).payload;
}
