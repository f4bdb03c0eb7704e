import { type DefaultTheme, defineConfig, type UserConfig } from 'vitepress';
import { FORGE, linksOfTheRepository } from './links.ts';
import { plainCode } from './plain-code.ts';
import { createSidebar } from './sidebar.ts';

/** Pages that are mostly tables of many columns have no outline beside them. */
const WIDE_PAGES: readonly string[] = ['auth-server.md', 'conformance.md', 'vectors/report.md'];

/** `docs/` as a site. `npm run docs` writes its reference first and then builds it. */
const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: 'Keybound',
  description: 'Access tokens that cannot be used by whoever steals them.',
  // No icon, and no request for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  transformPageData({ relativePath, frontmatter }) {
    if (WIDE_PAGES.includes(relativePath)) frontmatter.aside = false;
  },
  markdown: {
    config: (markdown) => void markdown.use(linksOfTheRepository).use(plainCode),
    languageAlias: { haproxy: 'nginx' },
    anchor: { slugify },
  },
  // The text of the longest page of the reference, which nobody loads before they open it.
  vite: { build: { chunkSizeWarningLimit: 1000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guides', link: '/guides/protect-a-fastify-api', activeMatch: '/guides/' },
      { text: 'Packages', link: '/reference/packages/core', activeMatch: '/reference/packages/' },
      { text: 'API', link: '/reference/api/@keybound/core', activeMatch: '/reference/api/' },
      { text: 'Security', link: '/reference/security' },
      { text: 'Source', link: FORGE },
    ],
    sidebar: createSidebar(),
    footer: { message: 'Apache-2.0' },
  },
});

export default config;

/** Headings have the names they have on the forge, so that one link works in both places. */
function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
