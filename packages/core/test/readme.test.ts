import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { denyAtResource } from '../src/guard/denial.ts';
import { AUTH_REASONS, AuthError, type AuthReason } from '../src/index.ts';
import { verified } from './readme-example.ts';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

describe('README.md', () => {
  it('its example → runs, and is printed as it runs, in 20 lines at most', () => {
    const example = read('readme-example.ts');
    expect(read('../README.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(verified).toMatchObject({
      claims: { sub: 'alice', client_id: 'notes-app' },
      scope: ['notes:read'],
      confirmation: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
    });
  });

  it.each(Object.keys(AUTH_REASONS) as AuthReason[])(
    '%s → a row with its code and status',
    (reason) => {
      const error = new AuthError(reason);
      const at = { offered: [], used: undefined, scopes: [], headers: [] };
      const { status } = denyAtResource(error, at);
      const code = error.code === undefined ? 'none' : `\`${error.code}\``;
      expect(read('../README.md')).toContain(`\n| \`${reason}\` | ${code} | ${status} | `);
    },
  );
});
