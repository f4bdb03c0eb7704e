import { expect, it } from 'vitest';
import { readRefusal } from '../src/comparison/refusal.ts';

it.each([
  [
    'the sentence of a check, whatever the code',
    '{"error":"invalid_token","error_description":"The access token has expired"}',
    { reason: 'token_expired', sentence: 'The access token has expired' },
  ],
  [
    'an OAuth error with a sentence of its own',
    '{"error":"invalid_grant","error_description":"Too late"}',
    { reason: 'invalid_grant', sentence: 'Too late' },
  ],
  ['an OAuth error alone', '{"error":"invalid_client"}', { reason: 'invalid_client' }],
  ['an error nobody has registered', '{"error":"toString","error_description":7}', {}],
  ['JSON that is no object', '"invalid_grant"', {}],
  ['no JSON', '<html>', {}],
])('%s', (_name, body, refusal) => {
  expect(readRefusal(body)).toEqual({ reason: undefined, sentence: undefined, ...refusal });
});
