import { acceptedClaims, refusedClaims, tolerableClaims } from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';

const spelling = group(
  'RsVerify',
  'spelling',
  'Methods are compared octet by octet (RFC 9110 §9.1).',
  rsConfig(),
  [
    acceptedClaims(['alike', 'GET in both.', 'DPOP-4.3-08', {}]),
    ...(
      [
        ['small-in-request', 'get in the request, GET in htm.', 'get', 'GET'],
        [
          'small-patch-in-request',
          'patch in the request, as fetch sends it; PATCH in htm.',
          'patch',
          'PATCH',
        ],
        ['head-proof-on-get', 'GET in the request, HEAD in htm.', 'GET', 'HEAD'],
        ['line-feed-behind', 'htm has a line feed at its end.', 'GET', 'GET\n'],
        ['line-before', 'htm has another method on a line before.', 'GET', 'POST\nGET'],
        ['nul-behind', 'htm has a NUL at its end.', 'GET', 'GET\u0000'],
        ['fullwidth', 'htm is in fullwidth letters.', 'GET', '\uff27\uff25\uff34'],
        ['begins-alike', 'PROPPATCH in the request, PROP in htm.', 'PROPPATCH', 'PROP'],
        ['ends-alike', 'PROPPATCH in the request, PATCH in htm.', 'PROPPATCH', 'PATCH'],
        ['pattern', 'htm is a regular expression.', 'GET', '.*'],
        ['request-line', 'htm has the target behind the method.', 'GET', 'GET /r'],
      ] as const
    ).map(([id, comment, method, htm]) =>
      refusedClaims([id, comment, 'DPOP-4.3-08', { htm }, { method }]),
    ),
    tolerableClaims([
      'A method in small letters is one of its own (RFC 9110 §9.1); many servers know none.',
      'small-in-both',
      'patch in both.',
      'DPOP-4.3-08',
      {},
      { method: 'patch' },
    ]),
    acceptedClaims([
      'odd-characters',
      'A method of characters that a token may have.',
      'DPOP-4.3-08',
      {},
      { method: 'M-SEARCH' },
    ]),
  ],
);

const overridden = group(
  'RsVerify',
  'overridden',
  'Frameworks change the method by what else is in the request; the proof is for the one that was sent.',
  rsConfig(),
  [
    acceptedClaims(['sent', 'POST in both.', 'DPOP-4.3-08', {}, { method: 'POST' }]),
    ...['X-HTTP-Method', 'X-Method-Override'].map((name) =>
      refusedClaims([
        `by-${name.toLowerCase()}`,
        `A POST with ${name}: DELETE, and DELETE in htm.`,
        'DPOP-4.3-08',
        { htm: 'DELETE' },
        { method: 'POST', further: [[name, 'DELETE']] },
      ]),
    ),
    refusedClaims([
      'by-query',
      'A POST with _method=DELETE in its query, and DELETE in htm.',
      'DPOP-4.3-08',
      { htm: 'DELETE', htu: `${ORIGIN}/r` },
      { method: 'POST', target: '/r?_method=DELETE' },
    ]),
    tolerableClaims([
      'The field means nothing to HTTP; a server may refuse what it does not want to see.',
      'field-ignored',
      'A POST with X-HTTP-Method-Override: DELETE, and POST in htm.',
      'DPOP-4.3-08',
      {},
      { method: 'POST', further: [['X-HTTP-Method-Override', 'DELETE']] },
    ]),
  ],
);

const rsMethods: FileDraft = {
  file: 'rs-methods',
  title: 'Spellings of the method, and what claims to change it',
  groups: [spelling, overridden],
};

export default rsMethods;
