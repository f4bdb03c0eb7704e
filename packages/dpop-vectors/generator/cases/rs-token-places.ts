import type { FieldLine, RequestTest } from '../../src/format.ts';
import { rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_REQUEST,
  type FileDraft,
  group,
  invalid,
  NO_CREDENTIALS,
  OK,
  valid,
} from '../draft.ts';
import { fields } from '../field-cases.ts';
import { accessToken, proof } from '../messages.ts';

const BOTH = rsConfig({ schemes: ['Bearer', 'DPoP'] });
const TOKEN = accessToken();
const UNBOUND = accessToken({ boundTo: null });
const PROOF = proof();
const FORM: FieldLine = ['Content-Type', 'application/x-www-form-urlencoded'];

const elsewhere = group('RsVerify', 'other-places', 'A token in another place.', BOTH, [
  valid<RequestTest>('in-the-field', 'The token in its field.', 'BEARER-2.1-01', {
    ...fields([['Authorization', `Bearer ${UNBOUND}`]]),
    expect: OK,
  }),
  invalid<RequestTest>('query', 'The token in the query.', 'BEARER-2.3-02', {
    ...fields([], { target: `/r?access_token=${UNBOUND}` }),
    expect: NO_CREDENTIALS,
  }),
  invalid<RequestTest>(
    'query-dpop',
    'A bound token in the query, with its proof.',
    'BEARER-2.3-02',
    {
      ...fields([['DPoP', PROOF]], { target: `/r?access_token=${TOKEN}` }),
      expect: NO_CREDENTIALS,
    },
  ),
  invalid<RequestTest>(
    'query-and-field',
    'The token in the query and in the field.',
    'BEARER-2-02 BEARER-2.3-02',
    {
      ...fields([['Authorization', `Bearer ${UNBOUND}`]], { target: `/r?access_token=${UNBOUND}` }),
      expect: BAD_REQUEST,
    },
  ),
  invalid<RequestTest>(
    'query-and-dpop',
    'A token in the query and another, bound, in the field.',
    'BEARER-2-02 BEARER-2.3-02',
    {
      ...fields(
        [
          ['Authorization', `DPoP ${TOKEN}`],
          ['DPoP', PROOF],
        ],
        { target: `/r?access_token=${UNBOUND}` },
      ),
      expect: BAD_REQUEST,
    },
  ),
  invalid<RequestTest>(
    'query-encoded-and-field',
    'The token in the field and in the query, whose parameter has an encoded name.',
    'BEARER-2-02 BEARER-2.3-02',
    {
      ...fields([['Authorization', `Bearer ${UNBOUND}`]], {
        target: `/r?access%5Ftoken=${UNBOUND}`,
      }),
      expect: BAD_REQUEST,
    },
  ),
  acceptable<RequestTest>(
    'reject',
    'form',
    'The token in the form of a POST.',
    'BEARER-2.2-01 BEARER-3-01',
    {
      ...fields([FORM], { method: 'POST', body: `access_token=${UNBOUND}` }),
      expect: NO_CREDENTIALS,
    },
    { reason: 'RFC 6750 §2.2 allows it; FAPI 2.0 and this suite take tokens in the field alone.' },
  ),
  invalid<RequestTest>('form-and-field', 'The token in the form and in the field.', 'BEARER-2-02', {
    ...fields([['Authorization', `Bearer ${UNBOUND}`], FORM], {
      method: 'POST',
      body: `access_token=${UNBOUND}`,
    }),
    expect: BAD_REQUEST,
  }),
  invalid<RequestTest>(
    'form-of-get',
    'The token in the body of a GET.',
    'BEARER-2.2-01 BEARER-3-01',
    {
      ...fields([FORM], { body: `access_token=${UNBOUND}` }),
      expect: NO_CREDENTIALS,
    },
  ),
  acceptable<RequestTest>(
    'accept',
    'other-query',
    'A query parameter whose name only resembles it.',
    'BEARER-2.3-02',
    {
      ...fields([['Authorization', `Bearer ${UNBOUND}`]], {
        target: '/r?my_access_token=x&token=y',
      }),
      expect: OK,
    },
    { reason: 'Only access_token is a place for tokens (RFC 6750 §2.3).' },
  ),
  acceptable<RequestTest>(
    'accept',
    'json-body',
    'A member access_token in a body of JSON.',
    'BEARER-2.2-01',
    {
      ...fields(
        [
          ['Authorization', `Bearer ${UNBOUND}`],
          ['Content-Type', 'application/json'],
        ],
        { method: 'POST', body: `{"access_token":"${UNBOUND}"}` },
      ),
      expect: OK,
    },
    { reason: 'Only a urlencoded form is a place for tokens (RFC 6750 §2.2).' },
  ),
]);

const rsTokenPlaces: FileDraft = {
  file: 'rs-token-places',
  title: 'Tokens that stand in query or body',
  groups: [elsewhere],
};

export default rsTokenPlaces;
