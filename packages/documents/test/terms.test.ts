import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TEXTS } from '../../../apps/client/src/lab/texts.ts';
import { ROOT, readPages, readText } from './support/pages.ts';
import { commentsOf, proseOf, textsOf } from './terms/prose.ts';
import { wrongTerms } from './terms/terms.ts';

describe('the words of the standards, as they are spelled there', () => {
  it.each(readPages())('$path', (page) => {
    const wrong = proseOf(page).flatMap(({ line, text }) =>
      wrongTerms(text, page.path).map((fault) => `${page.path}:${line} ${fault}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(globSync('packages/*/src', { cwd: ROOT }))('the comments of %s', (folder) => {
    const wrong = globSync(`${folder}/**/*.ts`, { cwd: ROOT }).flatMap((file) =>
      commentsOf(readText(file)).flatMap(({ line, text }) =>
        wrongTerms(text).map((fault) => `${file}:${line} ${fault}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('the texts of the lab', () => {
    const texts = [...textsOf(TEXTS)];
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.flatMap((text) => wrongTerms(text))).toEqual([]);
  });
});

describe('the table of terms', () => {
  it.each([
    ['A Dpop proof, a DPOP proof', 2],
    ['the dpop scheme', 1],
    ['[DPOP-4.3-01] of dpop-vectors and DPoP', 0],
    ['OAuth2, OAuth 2, OAuth v2.1, Oauth', 4],
    ['OAuth 2.0, OAuth 2.1. OAuth', 0],
    ['the auth server, the authentication server, auth-server', 2],
    ['access-tokens and an accesstoken', 2],
    ['Node.js and NodeJS, but Node', 2],
    ['the client id, the client ID', 1],
    ['jwks, Jwk, url and Uri', 4],
    ['Typescript with fastify on @fastify/cors and fastify-plugin', 2],
  ])('%s → %i wrong', (prose, count) => {
    expect(wrongTerms(prose)).toHaveLength(count);
  });

  it('a code span, a block, an address and a name of a file → no prose', () => {
    const text =
      '`dpop` [dpop](packages/dpop) <https://x.example/dpop>\n\n```\ndpop\n```\n\nreal dpop\n';
    const found = proseOf({ path: 'a.md', text }).flatMap((one) => wrongTerms(one.text));
    expect(found).toEqual(['dpop: write DPoP']);
  });

  it('a comment → its words without code and parameters', () => {
    const source =
      "const dpop = 'dpop'; // dpop\n/** A dpop `dpop`.\n * @param dpop - a Jwk */\n// url\n";
    expect(
      commentsOf(source).flatMap(({ line, text }) =>
        wrongTerms(text).map((fault) => `${line} ${fault}`),
      ),
    ).toEqual(['2 dpop: write DPoP', '2 Jwk: write JWK, JWKS', '4 url: write URL']);
  });
});
