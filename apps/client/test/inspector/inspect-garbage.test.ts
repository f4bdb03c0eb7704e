import { RESOURCE } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { NOTES } from '../../src/inspector/notes.ts';
import { ISSUER_KEYS, inspect, OPAQUE } from './inspected.ts';

describe('what cannot be judged', () => {
  it.each([
    ['neither field', { authorization: [], dpop: [] }, NOTES.nothing],
    ['no method', { method: '' }, NOTES.method],
    ['a method that is none', { method: 'GET /' }, NOTES.method],
    ['no URL', { url: '' }, NOTES.url],
    ['a path alone', { url: '/notes' }, NOTES.url],
    ['a URL of another kind', { url: 'javascript:alert(1)' }, NOTES.url],
    ['a host that is none', { url: 'https://[::/r' }, NOTES.url],
    ['plain http to another machine', { url: 'http://rs.example/r' }, NOTES.insecure],
    ['keys that are none', { issuerKeys: { ...ISSUER_KEYS, jwks: 'none' } }, NOTES.unavailable],
  ])('%s → unreadable, and told why', async (_circumstance, options, note) => {
    const inspection = await inspect(options);
    expect(inspection).toMatchObject({ verdict: 'unreadable', checks: [] });
    expect(inspection.notes).toContain(note);
  });

  it('plain http to this machine → judged', async () => {
    const url = 'http://localhost:3000/r';
    expect((await inspect({ url, proof: { claims: { htu: url } } })).verdict).toBe('accepted');
  });
});

const GARBAGE = [
  '',
  ' ',
  '.',
  '..',
  'null',
  'DPoP',
  'DPoP ',
  'DPoP a b',
  'Bearer',
  '\0',
  '\ud800',
  'ä.ö.ü',
  'e30.e30.',
  'DPoP e30.e30.AA',
  'bnVsbA.bnVsbA.AA',
  'x'.repeat(100_000),
  `DPoP ${'x'.repeat(100_000)}`,
];

describe('garbage', () => {
  it.each(GARBAGE.map((text) => [JSON.stringify(text).slice(0, 30), text] as const))(
    '%s everywhere → an answer, never accepted',
    async (_start, text) => {
      for (const at of ['now', 'when-made'] as const) {
        const fields = { authorization: [text], dpop: [text], at };
        expect((await inspect(fields)).verdict).not.toBe('accepted');
        const opaque = { ...fields, authorization: [`DPoP ${OPAQUE}`] };
        expect((await inspect(opaque)).verdict).toBe('refused');
        const all = { ...fields, method: text, url: text };
        expect((await inspect(all)).verdict).toBe('unreadable');
        const path = { url: `${RESOURCE}/${text}`, at };
        expect(['accepted', 'refused']).toContain((await inspect(path)).verdict);
      }
    },
  );
});
