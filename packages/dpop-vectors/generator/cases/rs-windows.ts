import {
  acceptedClaims,
  type ClaimRow,
  doubtfulClaims,
  refusedClaims,
  tolerableClaims,
} from '../claim-cases.ts';
import { CLOCK, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { rawJson } from '../encode/json.ts';

/** The rows of `iat` at a distance from the clock. */
function at(seconds: number, requirements: string): ClaimRow {
  const where = seconds < 0 ? `${-seconds} seconds ago` : `${seconds} seconds ahead`;
  return [
    `iat-${seconds < 0 ? 'minus' : 'plus'}-${Math.abs(seconds)}`,
    `iat is ${seconds === 0 ? 'now' : where}.`,
    requirements,
    { iat: CLOCK + seconds },
  ];
}

const usual = group(
  'RsVerify',
  'usual',
  'A window of 60 seconds back and 30 ahead, the limits included.',
  rsConfig(),
  [
    acceptedClaims(at(0, 'DPOP-4.3-11')),
    ...[-60, -59, 29, 30].map((seconds) => acceptedClaims(at(seconds, 'DPOP-4.3-11'))),
    ...[-61, -3600, 31, 3600, 86_400].map((seconds) =>
      refusedClaims(at(seconds, 'DPOP-4.3-11 DPOP-11.1-01 SEP1932-RS-01')),
    ),
  ],
);

const mcp = group(
  'RsVerify',
  'mcp',
  'The window of SEP-1932: five minutes either way.',
  rsConfig({ preset: 'mcp', maxAgeSeconds: 300, maxFutureSeconds: 300 }),
  [
    acceptedClaims(withPrefix('mcp', at(0, 'SEP1932-RS-02'))),
    ...[-300, 300].map((seconds) =>
      acceptedClaims(withPrefix('mcp', at(seconds, 'SEP1932-RS-02'))),
    ),
    ...[-303, 303].map((seconds) =>
      refusedClaims(withPrefix('mcp', at(seconds, 'SEP1932-RS-02 DPOP-4.3-11'))),
    ),
  ],
);

const fapi = group(
  'RsVerify',
  'fapi',
  'The window of FAPI 2.0: ten seconds ahead must pass, more than sixty must not.',
  rsConfig({
    preset: 'fapi',
    maxFutureSeconds: 60,
    proofAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
    tokenAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
  }),
  [
    acceptedClaims(withPrefix('fapi', at(0, 'FAPI-5.3.2.1-05'))),
    ...[10, 60].map((seconds) =>
      acceptedClaims(withPrefix('fapi', at(seconds, 'FAPI-5.3.2.1-05'))),
    ),
    refusedClaims(withPrefix('fapi', at(61, 'FAPI-5.3.2.1-05 DPOP-4.3-11'))),
  ],
);

function withPrefix(prefix: string, [id, ...rest]: ClaimRow): ClaimRow {
  return [`${prefix}-${id}`, ...rest];
}

const forms = group('RsVerify', 'forms', 'How iat is written.', rsConfig(), [
  acceptedClaims(['integer', 'iat is an integer.', 'JOSE-7519-2-01', {}]),
  acceptedClaims([
    'exponent',
    'iat has an exponent.',
    'JOSE-7519-2-01',
    { iat: rawJson('1.7672256e9') },
  ]),
  acceptedClaims([
    'zero-fraction',
    'iat ends in .0.',
    'JOSE-7519-2-01',
    { iat: rawJson(`${CLOCK}.0`) },
  ]),
  tolerableClaims([
    'A NumericDate may have a fraction (RFC 7519 §2).',
    'fraction',
    'iat is half a second ago.',
    'JOSE-7519-2-01',
    { iat: CLOCK - 0.5 },
  ]),
  ...(
    [
      ['missing', 'No iat.', undefined, 'DPOP-4.3-03'],
      ['text', 'iat is a text of digits.', `${CLOCK}`, 'JOSE-7519-2-01'],
      ['null', 'iat is null.', null, 'JOSE-7519-2-01'],
      ['true', 'iat is true.', true, 'JOSE-7519-2-01'],
      ['list', 'iat is a list of the right number.', [CLOCK], 'JOSE-7519-2-01'],
      ['object', 'iat is an object.', {}, 'JOSE-7519-2-01'],
      ['date', 'iat is a date in words.', '2026-01-01T00:00:00Z', 'JOSE-7519-2-01'],
      ['milliseconds', 'iat counts milliseconds.', CLOCK * 1000, 'DPOP-4.3-11'],
      ['zero', 'iat is 0.', 0, 'DPOP-4.3-11'],
      ['negative', 'iat is negative.', -CLOCK, 'DPOP-4.3-11'],
      ['infinite', 'iat is 1e999, infinity to many parsers.', rawJson('1e999'), 'JOSE-7519-2-01'],
      ['minus-infinite', 'iat is -1e999.', rawJson('-1e999'), 'JOSE-7519-2-01'],
      ['nan', 'iat is NaN, which is no JSON.', rawJson('NaN'), 'JOSE-7519-2-01'],
      [
        'leading-zero',
        'iat has a zero before it, which is no JSON.',
        rawJson(`0${CLOCK}`),
        'JOSE-7515-5.2-01',
      ],
      [
        'plus',
        'iat has a plus before it, which is no JSON.',
        rawJson(`+${CLOCK}`),
        'JOSE-7515-5.2-01',
      ],
      [
        'hexadecimal',
        'iat is in hexadecimal, which is no JSON.',
        rawJson(`0x${CLOCK.toString(16)}`),
        'JOSE-7515-5.2-01',
      ],
      [
        'far-beyond',
        'iat is beyond what a double counts in ones.',
        rawJson('9007199254740993'),
        'DPOP-4.3-11',
      ],
    ] as const
  ).map(([id, comment, iat, requirements]) =>
    refusedClaims([`iat-${id}`, comment, `${requirements} SEP1932-RS-01`, { iat }]),
  ),
]);

const lifetime = group(
  'RsVerify',
  'lifetime',
  'A proof that says when it begins and ends.',
  rsConfig(),
  [
    acceptedClaims([
      'within',
      'It has begun and goes on.',
      'JOSE-7519-4.1-01',
      { nbf: CLOCK - 1, exp: CLOCK + 1 },
    ]),
    acceptedClaims(['nbf-now', 'It begins now.', 'JOSE-7519-4.1-01', { nbf: CLOCK }]),
    acceptedClaims([
      'exp-fraction',
      'It ends in half a second.',
      'JOSE-7519-4.1-01 JOSE-7519-2-01',
      { exp: CLOCK + 0.5 },
    ]),
    acceptedClaims([
      'exp-in-a-year',
      'It goes on for a year, and was made just now.',
      'JOSE-7519-4.1-01',
      { exp: CLOCK + 31_536_000 },
    ]),
    refusedClaims([
      'exp-does-not-renew',
      'It goes on for a year, and was made an hour ago.',
      'DPOP-4.3-11 DPOP-11.1-01',
      { iat: CLOCK - 3600, exp: CLOCK + 31_536_000 },
    ]),
    ...(['exp', 'nbf'] as const).flatMap((name) => [
      refusedClaims([
        `${name}-null`,
        `${name} is null.`,
        'JOSE-7519-2-01 JOSE-7519-4.1-01',
        { [name]: null },
      ]),
      refusedClaims([
        `${name}-list`,
        `${name} is a list of a good time.`,
        'JOSE-7519-2-01 JOSE-7519-4.1-01',
        { [name]: [name === 'exp' ? CLOCK + 60 : CLOCK - 1] },
      ]),
    ]),
    doubtfulClaims([
      'RFC 7519 §4.1.4 demands a time before exp, and allows for clocks that differ.',
      'exp-now',
      'It ends now.',
      'JOSE-7519-4.1-01',
      { exp: CLOCK },
    ]),
    doubtfulClaims([
      'RFC 7519 §4.1.5 demands a time not before nbf, and allows for clocks that differ.',
      'nbf-in-a-second',
      'It begins in a second.',
      'JOSE-7519-4.1-01',
      { nbf: CLOCK + 1 },
    ]),
    doubtfulClaims([
      'JSON has numbers of any size; most parsers make infinity of this one, which is no time.',
      'exp-infinite',
      'exp is 1e999.',
      'JOSE-7519-2-01',
      { exp: rawJson('1e999') },
    ]),
  ],
);

const rsWindows: FileDraft = {
  file: 'rs-windows',
  title: 'When a proof was made',
  groups: [usual, mcp, fapi, forms, lifetime],
};

export default rsWindows;
