import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseFiles, type Generated, generate } from '../generator/generate.ts';

const ROOT = new URL('../', import.meta.url);

describe('the generator', () => {
  let generated: Generated;
  beforeAll(async () => {
    generated = await generate(caseFiles());
  }, 120_000);

  it('makes the very bytes that are published', () => {
    for (const [path, text] of generated.files) {
      expect(readFileSync(new URL(path, ROOT), 'utf8') === text, path).toBe(true);
    }
  });

  it('makes every file that is published', () => {
    const published = readdirSync(new URL('vectors/', ROOT)).map((name) => `vectors/${name}`);
    expect([...generated.files.keys()].sort()).toEqual(['keys.json', ...published.sort()]);
  });

  it('has had hundreds of good signatures verified twice', () => {
    expect(generated.signatures).toBeGreaterThan(500);
  });
});
