import { expect, it } from 'vitest';
import { failToStart } from '../support/server-process.ts';

const KEY_ENCRYPTION_KEY = 'an encryption key that nothing is sealed with';
const PASSWORD = 'a-password-not-to-be-shown';
/** Where nothing listens. */
const NOWHERE = '127.0.0.1:1';

it.each([
  ['in its place', `postgresql://keybound:${PASSWORD}@${NOWHERE}/keybound`],
  ['as a parameter', `postgresql://keybound@${NOWHERE}/keybound?password=${PASSWORD}`],
])(
  'DATABASE_URL leads nowhere, password %s → one line without it, exit code 1',
  async (_name, url) => {
    const { code, errors } = await failToStart({ DATABASE_URL: url, KEY_ENCRYPTION_KEY });
    expect(code).toBe(1);
    expect(errors).toBe(
      `auth-server: DATABASE_URL postgresql://keybound@${NOWHERE}/keybound: connect ECONNREFUSED ${NOWHERE}\n`,
    );
  },
);
