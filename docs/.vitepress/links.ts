import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MarkdownOptions } from 'vitepress';

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];

/** Where the repository is read in a browser. */
export const FORGE = 'https://github.com/keybound/keybound';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Files of the repository that `npm run docs` copies into the site, by their copy. */
const PACKAGE_PAGE = /^docs\/reference\/packages\/([a-z-]+)\.md$/;
const SECURITY_PAGE = 'docs/reference/security.md';

/**
 * Lets pages keep the relative links that work where the repository is read: what is a page of the site is
 * linked there, any other file on the forge. A link to nothing fails the build.
 */
export function linksOfTheRepository(markdown: MarkdownIt): void {
  markdown.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue;
      const href = token.attrGet('href') ?? '';
      if (/^(?:[a-z]+:|#|\/)/i.test(href)) continue;
      token.attrSet('href', targetOf(`docs/${env.relativePath}`, href));
    }
  });
}

function targetOf(page: string, href: string): string {
  const [path = '', hash] = href.split('#', 2);
  const file = posix.join(posix.dirname(sourceOf(page)), decodeURI(path)).replace(/\/$/, '');
  const copy = copyOf(file);
  if (!existsSync(`${ROOT}${copy}`)) throw new Error(`${page}: ${href} leads to nothing`);
  const fragment = hash === undefined ? '' : `#${hash}`;
  if (/^docs\/.*\.md$/.test(copy)) return `${copy.replace(/^docs|\.md$/g, '')}${fragment}`;
  const kind = statSync(`${ROOT}${copy}`).isDirectory() ? 'tree' : 'blob';
  return `${FORGE}/${kind}/main/${copy}${fragment}`;
}

/** The file that a page is a copy of; the page itself when it is none. */
function sourceOf(page: string): string {
  if (page === SECURITY_PAGE) return 'SECURITY.md';
  return page.replace(PACKAGE_PAGE, 'packages/$1/README.md');
}

/** The page of the site that is a copy of a file; the file itself when there is none. */
function copyOf(file: string): string {
  if (file === 'SECURITY.md') return SECURITY_PAGE;
  const [, name] = /^packages\/([a-z-]+)(?:\/README\.md)?$/.exec(file) ?? [];
  const copy = `docs/reference/packages/${name}.md`;
  return name !== undefined && existsSync(`${ROOT}${copy}`) ? copy : file;
}
