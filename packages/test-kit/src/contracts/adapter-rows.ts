import { KEYS } from '../keys.ts';
import { mintProof, mintToken, RESOURCE } from '../mint.ts';
import {
  BEARER_FIELD,
  BOUND,
  type ContractRequest,
  dpopFields,
  type ExpectedRefusal,
  NO_CREDENTIALS,
  UNBOUND,
} from './adapter-requests.ts';

/** A request to a place that offers both schemes, and the refusal it meets. */
export interface RefusedRow {
  readonly name: string;
  readonly request: ContractRequest;
  readonly expected: ExpectedRefusal;
}

const REPEATED: ExpectedRefusal = {
  status: 400,
  error: 'invalid_request',
  description: 'The request carries more than one access token',
};

function tokenRefused(by: 'Bearer' | 'DPoP', description: string): ExpectedRefusal {
  return { status: 401, error: 'invalid_token', description, by };
}

function proofRefused(description: string): ExpectedRefusal {
  return { status: 401, error: 'invalid_dpop_proof', description, by: 'DPoP' };
}

const BOUND_AS_BEARER = tokenRefused(
  'Bearer',
  'The access token is bound to a key and cannot be used as a bearer token',
);
const PROOF_REPEATED = proofRefused('The request carries more than one DPoP proof');
const OTHER_URI = proofRefused('The DPoP proof was made for another URI');
const OTHER_METHOD = proofRefused('The DPoP proof was made for another method');

/** What is refused, and how, whatever the adapter. */
export const REFUSED_ROWS: readonly RefusedRow[] = [
  {
    name: 'no credentials → 401, a challenge for each scheme, no error [BEARER-3.1-01, DPOP-7.1-04]',
    request: {},
    expected: NO_CREDENTIALS,
  },
  {
    name: 'a token in the query alone → 401 without error [BEARER-2.3-02]',
    request: { line: `GET /r?access_token=${UNBOUND}` },
    expected: NO_CREDENTIALS,
  },
  {
    name: 'credentials of a foreign scheme → none',
    request: { fields: ['Authorization: Basic YWxpY2U6c2VjcmV0'] },
    expected: NO_CREDENTIALS,
  },
  {
    name: 'credentials of a foreign scheme with commas in them → none',
    request: {
      fields: ['Authorization: Digest username="a, Bearer b", realm = "x", uri="/r",nc=00000001'],
    },
    expected: NO_CREDENTIALS,
  },
  {
    name: 'a token in header and query → 400 in both challenges [BEARER-2-02]',
    request: { line: `GET /r?access_token=${UNBOUND}`, fields: [BEARER_FIELD] },
    expected: REPEATED,
  },
  {
    name: 'two Authorization fields, Bearer then DPoP → 400 in both challenges [BEARER-2-02]',
    request: { fields: [BEARER_FIELD, ...dpopFields()] },
    expected: REPEATED,
  },
  {
    name: 'two Authorization fields with the same token → 400 [BEARER-2-02]',
    request: { fields: [BEARER_FIELD, BEARER_FIELD] },
    expected: REPEATED,
  },
  {
    name: 'two Authorization fields, Basic then Bearer → 400 [BEARER-2-02]',
    request: { fields: ['Authorization: Basic YWxpY2U6c2VjcmV0', BEARER_FIELD] },
    expected: REPEATED,
  },
  {
    name: 'two Authorization fields, Digest then Bearer → 400 [BEARER-2-02]',
    request: { fields: ['Authorization: Digest username="a", realm="x"', BEARER_FIELD] },
    expected: REPEATED,
  },
  {
    name: 'two Authorization fields, Bearer then Digest → 400 [BEARER-2-02]',
    request: { fields: [BEARER_FIELD, 'Authorization: Digest username="a", realm="x"'] },
    expected: REPEATED,
  },
  {
    name: 'an empty Authorization field before a good one → 400 [BEARER-2-02]',
    request: { fields: ['Authorization:', BEARER_FIELD] },
    expected: REPEATED,
  },
  {
    name: 'an empty Authorization field after a good one → 400 [BEARER-2-02]',
    request: { fields: [BEARER_FIELD, 'Authorization:'] },
    expected: REPEATED,
  },
  {
    name: 'an empty Authorization field alone → 400',
    request: { fields: ['Authorization:'] },
    expected: {
      status: 400,
      error: 'invalid_request',
      description: 'The Authorization header field is malformed',
    },
  },
  {
    name: 'two DPoP fields, both good → 401 invalid_dpop_proof [DPOP-4.3-01]',
    request: { fields: [...dpopFields(), `DPoP: ${mintProof({ token: BOUND })}`] },
    expected: PROOF_REPEATED,
  },
  {
    name: 'an empty DPoP field before a good one → 401 invalid_dpop_proof [DPOP-4.3-01]',
    request: { fields: ['DPoP:', ...dpopFields()] },
    expected: PROOF_REPEATED,
  },
  {
    name: 'an empty DPoP field after a good one → 401 invalid_dpop_proof [DPOP-4.3-01]',
    request: { fields: [...dpopFields(), 'DPoP:'] },
    expected: PROOF_REPEATED,
  },
  {
    name: 'two empty DPoP fields → 401 invalid_dpop_proof [DPOP-4.3-01]',
    request: { fields: [`Authorization: DPoP ${BOUND}`, 'DPoP:', 'DPoP:'] },
    expected: PROOF_REPEATED,
  },
  {
    name: 'one empty DPoP field → 401 invalid_dpop_proof [DPOP-4.1-P1]',
    request: { fields: [`Authorization: DPoP ${BOUND}`, 'DPoP:'] },
    expected: proofRefused('The DPoP proof is not a well-formed JWT'),
  },
  {
    name: 'no DPoP field under the DPoP scheme → 401 invalid_dpop_proof [DPOP-7.1-02]',
    request: { fields: [`Authorization: DPoP ${BOUND}`] },
    expected: proofRefused('A DPoP proof is required'),
  },
  {
    name: 'a bound token sent as Bearer → 401 invalid_token [DPOP-7.2-01, DPOP-7.2-03]',
    request: { fields: [`Authorization: Bearer ${BOUND}`] },
    expected: BOUND_AS_BEARER,
  },
  {
    name: 'a bound token sent as Bearer beside a good proof → 401 invalid_token [DPOP-7.2-01]',
    request: { fields: [`Authorization: Bearer ${BOUND}`, `DPoP: ${mintProof({ token: BOUND })}`] },
    expected: BOUND_AS_BEARER,
  },
  {
    name: 'a token that is not bound sent as DPoP → 401 invalid_token [DPOP-7.2-P1, DPOP-7.2-03]',
    request: {
      fields: [`Authorization: DPoP ${UNBOUND}`, `DPoP: ${mintProof({ token: UNBOUND })}`],
    },
    expected: tokenRefused('DPoP', 'The access token is not bound to a key'),
  },
  {
    name: "somebody else's proof for a stolen token → 401 invalid_token [DPOP-7.1-12]",
    request: { fields: dpopFields({ key: KEYS.mallory }) },
    expected: tokenRefused(
      'DPoP',
      'The access token is bound to another key than the DPoP proof key',
    ),
  },
  {
    name: 'an expired token → 401 invalid_token',
    request: { fields: [`Authorization: Bearer ${mintToken({ claims: { iat: 1, exp: 2 } })}`] },
    expected: tokenRefused('Bearer', 'The access token has expired'),
  },
  {
    name: 'a proof for another path → 401 [DPOP-4.3-09]',
    request: { fields: dpopFields({ claims: { htu: `${RESOURCE}/other` } }) },
    expected: OTHER_URI,
  },
  {
    name: 'a proof for another host → 401 [DPOP-4.3-09]',
    request: { fields: dpopFields({ claims: { htu: 'https://evil.example/r' } }) },
    expected: OTHER_URI,
  },
  {
    name: 'a proof for a path with an encoded slash where there is none → 401 [DPOP-4.3-09]',
    request: { line: 'GET /a/b', fields: dpopFields({ claims: { htu: `${RESOURCE}/a%2Fb` } }) },
    expected: OTHER_URI,
  },
  {
    name: 'a proof for another method → 401 [DPOP-4.3-08]',
    request: { line: 'POST /r', fields: dpopFields() },
    expected: OTHER_METHOD,
  },
  {
    name: 'a proof for the method in lower case → 401 [DPOP-4.3-08]',
    request: { fields: dpopFields({ claims: { htm: 'get' } }) },
    expected: OTHER_METHOD,
  },
  {
    name: 'scope below what the route asks, bearer → 403 insufficient_scope with the scope [BEARER-3.1-04]',
    request: { line: 'GET /scoped/admin', fields: [BEARER_FIELD] },
    expected: {
      status: 403,
      error: 'insufficient_scope',
      description: 'The access token does not carry the required scope',
      by: 'Bearer',
      scope: 'admin',
    },
  },
  {
    name: 'scope below what the route asks, DPoP → 403 insufficient_scope with the scope [BEARER-3.1-04]',
    request: {
      line: 'GET /scoped/admin',
      fields: dpopFields({ claims: { htu: `${RESOURCE}/scoped/admin` } }),
    },
    expected: {
      status: 403,
      error: 'insufficient_scope',
      description: 'The access token does not carry the required scope',
      by: 'DPoP',
      scope: 'admin',
    },
  },
];

/** A request to a place that offers both schemes, and the scheme it is granted with. */
export interface GrantedRow {
  readonly name: string;
  readonly request: ContractRequest;
  readonly scheme: 'Bearer' | 'DPoP';
}

/** What is granted, whatever the adapter. */
export const GRANTED_ROWS: readonly GrantedRow[] = [
  {
    name: 'a good token as Bearer [BEARER-2.1-01]',
    request: { fields: [BEARER_FIELD] },
    scheme: 'Bearer',
  },
  {
    name: 'a good token as Bearer beside a proof, which is passed over [DPOP-7.2-P2]',
    request: { fields: [BEARER_FIELD, `DPoP: ${mintProof({ token: UNBOUND })}`] },
    scheme: 'Bearer',
  },
  {
    name: 'a good token and proof as DPoP',
    request: { fields: dpopFields() },
    scheme: 'DPoP',
  },
  {
    name: 'field names in any case and blanks around the value [DPOP-4.1-01]',
    request: {
      fields: [`AUTHORIZATION:  DPoP ${BOUND}`, `dPoP:   ${mintProof({ token: BOUND })} `],
    },
    scheme: 'DPoP',
  },
  {
    name: 'a query in the request and none in the proof [DPOP-4.3-09]',
    request: { line: 'GET /r?a=1&b=2', fields: dpopFields() },
    scheme: 'DPoP',
  },
  {
    name: 'a path with an encoded letter, plain in the proof [DPOP-4.3-09]',
    request: { line: 'GET /%72', fields: dpopFields() },
    scheme: 'DPoP',
  },
  {
    name: 'a plain path, with an encoded letter in the proof [DPOP-4.3-09]',
    request: { fields: dpopFields({ claims: { htu: `${RESOURCE}/%72` } }) },
    scheme: 'DPoP',
  },
  {
    name: 'a character that browsers send as it is, encoded in the proof [DPOP-4.3-09]',
    request: { line: 'GET /a|b', fields: dpopFields({ claims: { htu: `${RESOURCE}/a%7Cb` } }) },
    scheme: 'DPoP',
  },
  {
    name: 'a token with the scope of the route',
    request: { line: 'GET /scoped/read', fields: [BEARER_FIELD] },
    scheme: 'Bearer',
  },
  {
    name: 'POST, the proof for it',
    request: { line: 'POST /r', fields: dpopFields({ claims: { htm: 'POST' } }) },
    scheme: 'DPoP',
  },
  {
    name: 'OPTIONS, the proof for it',
    request: { line: 'OPTIONS /r', fields: dpopFields({ claims: { htm: 'OPTIONS' } }) },
    scheme: 'DPoP',
  },
  {
    name: "a route below one of the framework's own mount points [URI-13]",
    request: { line: 'GET /v1/r', fields: dpopFields({ claims: { htu: `${RESOURCE}/v1/r` } }) },
    scheme: 'DPoP',
  },
];
