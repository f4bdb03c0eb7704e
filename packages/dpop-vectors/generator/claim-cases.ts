import type { RequestTest, RsConfig } from '../src/format.ts';
import { ORIGIN } from './deployment.ts';
import { acceptable, BAD_PROOF, type Draft, type Facts, invalid, OK, valid } from './draft.ts';
import { accessToken, type ProofVariation, proof, request } from './messages.ts';

/** A case about the claims of a proof: what is said of it, and how the proof differs from the good one. */
export type ClaimRow = readonly [
  id: string,
  comment: string,
  requirements: string,
  claims: Readonly<Record<string, unknown>>,
  more?: ClaimFacts,
];

/** A row about which the RFCs leave a choice, and why it is decided as it is. */
export type OpenClaimRow = readonly [reason: string, ...row: ClaimRow];

/** What a case may change beside the claims. */
interface ClaimFacts extends Facts {
  readonly method?: string;
  /** @defaultValue /r */
  readonly target?: string;
  readonly further?: readonly (readonly [string, string])[];
  readonly peerAddress?: string;
  readonly variation?: Partial<ProofVariation>;
  readonly override?: Partial<Omit<RsConfig, 'server'>>;
}

export function acceptedClaims(row: ClaimRow): Draft<RequestTest> {
  const [id, comment, requirements] = row;
  const content = { ...contentOf(row), expect: OK };
  return valid<RequestTest>(id, comment, requirements, content, factsOf(row));
}

export function refusedClaims(row: ClaimRow): Draft<RequestTest> {
  const [id, comment, requirements] = row;
  const content = { ...contentOf(row), expect: BAD_PROOF };
  return invalid<RequestTest>(id, comment, requirements, content, factsOf(row));
}

/** Claims that this suite holds to be good. */
export function tolerableClaims([reason, ...row]: OpenClaimRow): Draft<RequestTest> {
  const [id, comment, requirements] = row;
  const content = { ...contentOf(row), expect: OK };
  const facts = { ...factsOf(row), reason };
  return acceptable<RequestTest>('accept', id, comment, requirements, content, facts);
}

/** Claims that this suite holds to be bad. */
export function doubtfulClaims([reason, ...row]: OpenClaimRow): Draft<RequestTest> {
  const [id, comment, requirements] = row;
  const content = { ...contentOf(row), expect: BAD_PROOF };
  const facts = { ...factsOf(row), reason };
  return acceptable<RequestTest>('reject', id, comment, requirements, content, facts);
}

function contentOf([, , , claims, more = {}]: ClaimRow): Pick<RequestTest, 'request' | 'override'> {
  const { method = 'GET', target = '/r', further, peerAddress, override } = more;
  const token = accessToken();
  const [path] = target.split('?');
  const all = { htm: method, htu: `${ORIGIN}${path}`, ...claims };
  return {
    request: request({
      method,
      target,
      authorization: `DPoP ${token}`,
      proofs: [proof({ token, ...more.variation, claims: all })],
      ...(further && { further }),
      ...(peerAddress && { peerAddress }),
    }),
    ...(override && { override }),
  };
}

function factsOf([, , , , more = {}]: ClaimRow): Facts {
  const { flags, reason, base } = more;
  return {
    ...(flags && { flags }),
    ...(reason && { reason }),
    ...(base !== undefined && { base }),
  };
}
