import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DOCS = new URL('../docs/', import.meta.url);
const page = readFileSync(new URL('auth-server.md', DOCS), 'utf8');

/** Every `[name](file) [ID, ID]` of the page. */
const citations = [...page.matchAll(/\]\((\.\.\/[^)]+\.test\.ts)\) \[([^\]]+)\]/g)].map(
  ([, file = '', ids = '']) => ({ file, ids: ids.split(', ') }),
);

describe('docs/auth-server.md', () => {
  it('cites tests', () => {
    expect(citations.length).toBeGreaterThan(20);
  });

  it.each(citations)('$file has tests for $ids', ({ file, ids }) => {
    const source = readFileSync(new URL(file, DOCS), 'utf8');
    const cited = new Set(source.match(/\b[A-Z][A-Z0-9]+-[A-Za-z0-9.-]+\d\b/g));
    for (const id of ids) expect(cited).toContain(id);
  });

  it('every link to a test is followed by identifiers', () => {
    const links = page.match(/\.test\.ts\)/g) ?? [];
    expect(links).toHaveLength(citations.length);
  });
});
