import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readNotes } from './example.ts';
import { claimsOf } from './support/proofs.ts';
import { json, replies, startServer } from './support/server.ts';

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

it('the example works against a token endpoint and an API', async () => {
  const as = await startServer(replies(json(200, { access_token: 't', token_type: 'DPoP' })));
  const rs = await startServer(replies(json(200, ['a note'])));
  expect(await readNotes(`${as.origin}/token`, rs.origin, 's3cret')).toEqual(['a note']);
  expect(claimsOf(rs.received[0]).htu).toBe(`${rs.origin}/notes`);
});

it('the example in the README is the one that works', () => {
  expect(textOf('../README.md')).toContain(`\`\`\`ts\n${textOf('./example.ts')}\`\`\``);
});

it('the README explains every error code', () => {
  const members = textOf('../src/signer-error.ts').matchAll(/^ {2}\| '(\w+)'/gm);
  const codes = [...members].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  const rows = [...textOf('../README.md').matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code);
  expect(rows).toEqual(expect.arrayContaining(codes));
});
