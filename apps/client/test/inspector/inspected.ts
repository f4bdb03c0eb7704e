import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  type ProofOverrides,
  RESOURCE,
} from '@keybound/test-kit';
import {
  type Inspection,
  type InspectOptions,
  type IssuerKeys,
  inspectRequest,
} from '../../src/inspector/inspect.ts';

/** The issuer of {@link TOKEN}. */
export const ISSUER_KEYS: IssuerKeys = {
  issuer: ISSUER,
  audience: RESOURCE,
  jwks: keySet(KEYS.issuer),
};
export const TOKEN: string = mintToken({ boundTo: KEYS.alice });
export const OPAQUE: string = 'mF_9.B5f-4.1JqM';

/** A good request, unless told otherwise. */
export function inspect({
  token = TOKEN,
  proof,
  ...options
}: Partial<InspectOptions> & {
  token?: string;
  proof?: ProofOverrides;
} = {}): Promise<Inspection> {
  return inspectRequest({
    method: 'GET',
    url: `${RESOURCE}/r`,
    authorization: [`DPoP ${token}`],
    dpop: [mintProof({ token, ...proof })],
    at: 'now',
    issuerKeys: ISSUER_KEYS,
    clock: createTestClock(),
    ...options,
  });
}

/** The checks in a state, in order. */
export function idsIn({ checks }: Inspection, state: string): readonly string[] {
  return checks.filter((check) => check.state === state).map(({ id }) => id);
}
