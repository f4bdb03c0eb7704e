import { describe, expect, it } from 'vitest';
import {
  type ExpectedAuthorizationResponse,
  readAuthorizationResponse,
  SignerError,
} from '../src/index.ts';
import { signerError } from './support/errors.ts';

const ISSUER = 'https://as.example';
const ISS = `iss=${encodeURIComponent(ISSUER)}`;
const EXPECTED = { issuer: ISSUER, issParameterSupported: true, state: 's' };

function read(query: string, expected: Partial<ExpectedAuthorizationResponse> = {}): string {
  return readAuthorizationResponse(`https://app.example/cb?${query}`, { ...EXPECTED, ...expected });
}

/** What an answer is refused with, which has to be a SignerError. */
function refusal(query: string, expected?: Partial<ExpectedAuthorizationResponse>) {
  return signerError(Promise.resolve().then(() => read(query, expected)));
}

const MALFORMED = 'authorization_response_malformed';
const MISMATCH = 'authorization_response_mismatch';
const DENIED = 'authorization_denied';

describe('iss [ISS-2.4-01] L24', () => {
  it.each([
    { promised: true, iss: ISS, outcome: 'the code' },
    { promised: true, iss: 'iss=https://other.example', outcome: MISMATCH },
    { promised: true, iss: undefined, outcome: MISMATCH },
    { promised: true, iss: 'iss=', outcome: MISMATCH },
    { promised: false, iss: ISS, outcome: 'the code' },
    { promised: false, iss: 'iss=https://other.example', outcome: MISMATCH },
    { promised: false, iss: undefined, outcome: 'the code' },
    { promised: false, iss: 'iss=', outcome: MISMATCH },
  ])(
    'promised by the metadata: $promised, in the answer: $iss → $outcome',
    async ({ promised, iss = '', outcome }) => {
      for (const [answer, otherwise] of [
        ['code=c', 'c'],
        ['error=access_denied', DENIED],
      ]) {
        const attempt = Promise.resolve(`${answer}&state=s&${iss}`).then((query) =>
          read(query, { issParameterSupported: promised }),
        );
        const told = await attempt.catch((error) => error.code);
        expect(told).toBe(outcome === MISMATCH ? MISMATCH : otherwise);
      }
    },
  );

  it.each([
    ['a slash more', 'https://as.example/'],
    ['capitals', 'https://AS.example'],
    ['the default port', 'https://as.example:443'],
    ['a blank behind it', 'https://as.example '],
    ['a character that is percent-encoded', 'https://as%2Eexample'],
  ])('the same server with %s → another issuer, nothing is normalized', async (_name, iss) => {
    const query = `code=c&state=s&${new URLSearchParams({ iss })}`;
    expect((await refusal(query)).code).toBe(MISMATCH);
  });

  it('an issuer in another Unicode normal form → another issuer', async () => {
    const query = `code=c&state=s&${new URLSearchParams({ iss: 'https://as.example/e\u0301' })}`;
    const { code } = await refusal(query, { issuer: 'https://as.example/\u00e9' });
    expect(code).toBe(MISMATCH);
  });

  it.each([
    ['another issuer', 'state=s&iss=https://other.example'],
    ['no issuer where one was promised', 'state=s'],
    ['another state', `state=t&${ISS}`],
  ])('an error with %s → its text is told nowhere', async (_name, rest) => {
    const error = await refusal(`error=access_denied&error_description=call+0800&${rest}`);
    const { code, oauthError, oauthErrorDescription, cause } = error;
    expect({ code, oauthError, oauthErrorDescription, cause }).toEqual({ code: MISMATCH });
    expect(error.message).not.toMatch(/0800|access_denied|other\.example/);
  });
});

describe('state [OAUTH-STATE-01]', () => {
  it.each([
    { sent: 's', received: 'state=s', outcome: 'c' },
    { sent: 's', received: 'state=t', outcome: MISMATCH },
    { sent: 's', received: 'state=S', outcome: MISMATCH },
    { sent: 's', received: 'state=', outcome: MISMATCH },
    { sent: 's', received: '', outcome: MISMATCH },
    { sent: undefined, received: '', outcome: 'c' },
    { sent: undefined, received: 'state=s', outcome: MISMATCH },
  ])('sent: $sent, received: "$received" → $outcome', async ({ sent, received, outcome }) => {
    const expected = { issuer: ISSUER, issParameterSupported: true };
    const url = `https://app.example/cb?code=c&${ISS}&${received}`;
    const attempt = Promise.resolve(url).then((answer) =>
      readAuthorizationResponse(answer, { ...expected, ...(sent && { state: sent }) }),
    );
    expect(await attempt.catch((error) => error.code)).toBe(outcome);
  });
});

describe('the answer', () => {
  it.each([
    ['code', `code=c&code=c&state=s&${ISS}`],
    ['iss', `code=c&state=s&${ISS}&${ISS}`],
    ['iss, of which one is right', `code=c&state=s&${ISS}&iss=https://other.example`],
    ['state', `code=c&state=s&state=s&${ISS}`],
    ['error', `error=access_denied&error=server_error&state=s&${ISS}`],
    ['error_description', `error=a&error_description=b&error_description=c&state=s&${ISS}`],
  ])('%s twice → malformed [ISS-2.4-01]', async (_name, query) => {
    expect((await refusal(query)).code).toBe(MALFORMED);
  });

  it.each([
    ['neither code nor error', `state=s&${ISS}`],
    ['an empty code', `code=&state=s&${ISS}`],
    ['an empty error', `error=&state=s&${ISS}`],
    ['an error of characters that are not allowed', `error=%22%3Cb%3E&state=s&${ISS}`],
    ['a code in the fragment only', `state=s&${ISS}#code=c`],
  ])('%s → malformed', async (_name, query) => {
    expect((await refusal(query)).code).toBe(MALFORMED);
  });

  it('parameters of the redirect URI, repeated or not → not looked at', () => {
    expect(read(`tab=1&tab=2&code=c&state=s&${ISS}&session_state=x`)).toBe('c');
  });

  it('a URL object, and a code that was percent-encoded → the code as the server made it', () => {
    const url = new URL(`https://app.example/cb?code=a%2Bb%2F%3D+c&state=s&${ISS}`);
    expect(readAuthorizationResponse(url, EXPECTED)).toBe('a+b/= c');
  });

  it('an error of the server → its error and description, and no code even if there is one', async () => {
    const error = await refusal(
      `code=c&error=access_denied&error_description=The+user+said+no&state=s&${ISS}`,
    );
    const { code, oauthError, oauthErrorDescription, message } = error;
    expect([code, oauthError, oauthErrorDescription]).toEqual([
      DENIED,
      'access_denied',
      'The user said no',
    ]);
    expect(message).toBe('the authorization server gave an error and no code; oauthError says why');
  });

  it.each([
    ['none', ''],
    ['one with a line break', '&error_description=a%0Ab'],
    ['one with a quotation mark', '&error_description=%22a%22'],
    ['one beyond ASCII', '&error_description=%C3%A9'],
  ])('of an error, %s as description → none is told', async (_name, description) => {
    const error = await refusal(`error=server_error${description}&state=s&${ISS}`);
    expect(error.oauthError).toBe('server_error');
    expect(error.oauthErrorDescription).toBeUndefined();
  });
});

it.each<[name: string, url: unknown, expected: object, message: string]>([
  ['a path alone', '/cb?code=c', EXPECTED, 'url: must be an absolute URL'],
  [
    'no issuer',
    'https://app.example/',
    { ...EXPECTED, issuer: '' },
    'issuer: must be a non-empty text',
  ],
  [
    'a state that got lost',
    'https://app.example/',
    { ...EXPECTED, state: null },
    'state: must be a non-empty text',
  ],
  [
    'a promise left out',
    'https://app.example/',
    { issuer: ISSUER },
    'issParameterSupported: must be true or false',
  ],
])('%s → TypeError', (_name, url, expected, message) => {
  const call = () =>
    readAuthorizationResponse(url as string, expected as ExpectedAuthorizationResponse);
  expect(call).toThrow(new TypeError(message));
  expect(call).not.toThrow(SignerError);
});
