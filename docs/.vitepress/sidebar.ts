import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

/** The pages by what a reader wants to do. A page that is not here is reached by search alone. */
export function createSidebar(): DefaultTheme.SidebarItem[] {
  return [
    group('Begin', [
      ['Protect a Fastify API', '/guides/protect-a-fastify-api'],
      ['Bearer to DPoP, as a diff', '/guides/bearer-to-dpop'],
    ]),
    group('Protect an API', [
      ['Accept bearer and DPoP', '/guides/accept-both'],
      ['Require DPoP', '/guides/require-dpop'],
      ['Opaque tokens', '/guides/opaque-tokens'],
      ['Express, Hono, Next.js, workers', '/guides/express-and-web'],
      ['Test your API', '/guides/testing-your-api'],
    ]),
    group('Call an API', [
      ['From a browser', '/guides/call-from-a-browser'],
      ['From a service', '/guides/call-from-a-service'],
      ['From a command line', '/guides/call-from-a-cli'],
      ['With other HTTP clients', '/http-clients'],
    ]),
    group('Run it', [
      ['From bearer to DPoP, live', '/guides/rollout'],
      ['Behind a proxy', '/proxies'],
      ['At scale', '/scaling'],
      ['Keys and rotation', '/guides/keys-and-rotation'],
      ['Errors, and what to do', '/guides/errors'],
      ['Observability', '/guides/observability'],
      ['Performance', '/performance'],
    ]),
    group('Know it', [
      ['Security', '/reference/security'],
      ['The authorization server', '/auth-server'],
      ['Architecture', '/architecture'],
      ['Conformance', '/conformance'],
      ['Other libraries and the vectors', '/vectors/report'],
    ]),
    { ...group('Packages', pagesOf('packages/')), collapsed: true },
    { ...group('API reference', pagesOf('api/@keybound/')), collapsed: true },
  ];
}

type NamedLink = readonly [name: string, link: string];

function group(text: string, links: readonly NamedLink[]): DefaultTheme.SidebarItem {
  return { text, items: links.map(([name, link]) => ({ text: name, link })) };
}

const MOST_BASIC: readonly string[] = ['core', 'bearer', 'dpop', 'signer'];

/** What was generated in a folder; the more basic packages come first. */
function pagesOf(folder: string): readonly NamedLink[] {
  const rank = (name: string): number => MOST_BASIC.indexOf(name) + 1 || MOST_BASIC.length + 1;
  const cwd = fileURLToPath(new URL(`../reference/${folder}`, import.meta.url));
  return globSync('**/*.md', { cwd })
    .map((file) => file.replace(/\.md$/, ''))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name): NamedLink => [`@keybound/${name}`, `/reference/${folder}${name}`]);
}
