import { expect } from 'vitest';
import { snippet } from '../../../deployment/test/support/snippet.ts';
import type { Account } from '../support/account.ts';
import { readText } from '../support/pages.ts';

const TEST = 'packages/deployment/test/proxies/proxies.test.ts';

/**
 * A configuration that the deployment tests start the proxy with: what they take from the page is this
 * block, and one of them starts the proxy with it.
 *
 * @param index - which of the page's blocks of its language it is
 */
export function isStarted(index: number): Account {
  return ({ language, text }) => {
    expect(snippet(language, index, {})).toBe(text);
    const source = readText(TEST);
    expect(source, `${TEST} starts the proxy with a block`).toMatch(`snippet('${language}', block`);
    const started = [...source.matchAll(new RegExp(`\\bawait ${language}\\((\\d+),`, 'g'))];
    expect(
      started.map(([, block]) => Number(block)),
      `the blocks ${TEST} uses`,
    ).toContain(index);
  };
}
