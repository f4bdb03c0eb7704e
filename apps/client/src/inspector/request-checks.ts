import type { Check } from './check.ts';

/** What is looked at before a scheme takes over: fields, credentials, scheme. */
export const REQUEST_CHECKS: readonly Check[] = [
  {
    id: 'fields',
    title: 'Not too many header fields',
    section: 'RFC 9110 §5.4',
    words: 'A second token could hide among the fields that a server drops without a word.',
    reasons: ['fields_too_many'],
    about: 'request',
  },
  {
    id: 'credentials',
    title: 'One access token, in the Authorization field',
    section: 'RFC 6750 §2',
    words: 'Two parts of a server could otherwise act on two different tokens.',
    reasons: ['credentials_missing', 'credentials_repeated', 'credentials_malformed'],
    about: 'request',
  },
  {
    id: 'scheme',
    title: 'A scheme this place offers',
    section: 'RFC 9449 §7.2',
    words: 'A place that asks for proofs must not be talked into taking a token without one.',
    reasons: ['scheme_not_offered'],
    about: 'request',
  },
];

/** What the token must say for its scheme, asked once the token is believed. */
export const BINDING_CHECKS: readonly Check[] = [
  {
    id: 'bearer-unbound',
    title: 'A bearer token is bound to no key',
    section: 'RFC 9449 §7.2',
    words:
      'A thief would otherwise send a stolen bound token as a bearer token, without any proof.',
    reasons: ['token_bound'],
    about: 'binding',
    only: 'Bearer',
  },
  {
    id: 'stray-proof',
    title: 'No proof beside a bearer token',
    section: 'RFC 9449 §7.2',
    words: 'A client that proves a key for a token without one has mixed its tokens up.',
    reasons: ['proof_unexpected'],
    about: 'binding',
    only: 'Bearer',
  },
  {
    id: 'token-bound',
    title: 'The token is bound to a key',
    section: 'RFC 9449 §6.1',
    words: 'A token that is bound to no key could come from a thief who proves a key of their own.',
    reasons: ['token_not_bound'],
    about: 'binding',
    only: 'DPoP',
  },
  {
    id: 'key-match',
    title: 'Token and proof name the same key',
    section: 'RFC 9449 §4.3 (12)',
    words: 'Whoever stole the token can make proofs, but only with another key.',
    reasons: ['key_mismatch'],
    about: 'binding',
    only: 'DPoP',
  },
];

/** What the route asks of a request that is otherwise good. */
export const ROUTE_CHECKS: readonly Check[] = [
  {
    id: 'scope',
    title: 'The scope covers what is asked for',
    section: 'RFC 6750 §3.1',
    words: 'A client can do no more than it was allowed to, even with a good token.',
    reasons: ['scope_insufficient'],
    about: 'token',
  },
];
