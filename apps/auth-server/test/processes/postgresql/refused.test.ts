import { expect, it } from 'vitest';
import { failToStart } from '../../support/server-process.ts';

const KEY_ENCRYPTION_KEY = 'an encryption key that nothing is sealed with';
const PASSWORD = 'a-password-not-to-be-shown';

it.each([
  ['a person it does not know', { username: 'keybound_nobody' }],
  ['a database it does not have', { pathname: '/keybound_nowhere' }],
])('the server refuses %s → one line without the password, exit code 1', async (_name, change) => {
  const url = Object.assign(new URL(process.env.DATABASE_URL ?? ''), change);
  url.password = PASSWORD;
  const { code, errors } = await failToStart({ DATABASE_URL: url.href, KEY_ENCRYPTION_KEY });
  expect(code).toBe(1);
  expect(errors).toMatch(/^auth-server: DATABASE_URL \S+: .+\n$/);
  expect(errors).not.toContain(PASSWORD);
});
