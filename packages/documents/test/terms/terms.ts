/** A word of the standards, or the name of something, and how it is not written. */
export interface Term {
  readonly right: string;
  readonly wrong: RegExp;
  /** Pages that may write it so, because they speak of packages by their names. */
  readonly except?: readonly string[];
}

/** Pages about the repository itself: `dpop` is a package there, `fastify` a dependency. */
const OF_PACKAGES = ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/performance.md'];

/** One word per thing, spelled as its standard or its maker spells it. Code spans and blocks are not prose. */
const TERMS: readonly Term[] = [
  { right: 'DPoP', wrong: /\b(?:Dpop|DPop|dPoP|DPOP(?!-\d))\b/ },
  { right: 'DPoP', wrong: /(?<!@)\bdpop\b(?!-)/, except: OF_PACKAGES },
  { right: 'JWK, JWKS', wrong: /\b[Jj]wks?\b/ },
  { right: 'JWT', wrong: /\b[Jj]wts?\b/ },
  { right: 'URI', wrong: /\b[Uu]ris?\b/ },
  { right: 'URL', wrong: /\b[Uu]rls?\b/ },
  { right: 'PKCE', wrong: /\b[Pp]kce\b/ },
  { right: 'JSON', wrong: /\b(?:Json|json(?!\w))\b/ },
  { right: 'OAuth', wrong: /\b(?:oauth|Oauth|oAuth|OAUTH(?!-))\b/ },
  {
    right: 'OAuth 2.0 or OAuth 2.1',
    wrong: /\bO[Aa]uth ?[vV]?2(?:\b(?!\.[01]\b)|\.)(?<!O[Aa]uth 2\.)|\bO[Aa]uth[vV]?2/,
  },
  { right: 'OpenID Connect', wrong: /\b(?:Openid|OpenId|Open ID|openid)\b/ },
  { right: 'access token', wrong: /\b[Aa]ccess-?tokens?\b/ },
  { right: 'refresh token', wrong: /\b[Rr]efresh-?tokens?\b/ },
  { right: 'authorization server', wrong: /\b(?:auth|authentication|OAuth) server\b/i },
  { right: 'authorization', wrong: /\bauthoris/i },
  { right: 'client_id or client ID', wrong: /\b[Cc]lient ?[Ii]d\b/ },
  { right: 'thumbprint', wrong: /\b(?:thumb print|key fingerprint)/i },
  { right: 'base64url', wrong: /\b(?:[Bb]ase64-url|[Bb]ase64 url|[Bb]ase64U[Rr][Ll])\b/ },
  { right: 'Fastify', wrong: /(?<![\w@/-])fastify\b(?![-/])/, except: OF_PACKAGES },
  { right: 'Express', wrong: /(?<![\w@/-])ExpressJS\b|\bExpress\.js\b/i },
  { right: 'Hono', wrong: /(?<![\w@/.-])hono\b(?!\.)/, except: OF_PACKAGES },
  { right: 'TypeScript', wrong: /\b(?:Typescript|typescript|Type Script)\b/ },
  { right: 'JavaScript', wrong: /\b(?:Javascript|javascript|Java Script)\b/ },
  { right: 'Node', wrong: /\b(?:Node\.?js|Node ?JS|nodejs|node\.js)\b/i },
  { right: 'WebCrypto', wrong: /\b(?:Web Crypto|Webcrypto|webcrypto)\b/ },
  { right: 'WebSocket', wrong: /\b(?:Websocket|websocket|[Ww]eb [Ss]ocket)s?\b/ },
  { right: 'IndexedDB', wrong: /\b(?:IndexedDb|Indexed DB|indexedDB|indexeddb)\b/ },
  { right: 'PostgreSQL', wrong: /\b(?:Postgres|postgres|Postgresql|postgresql)\b/ },
  { right: 'HAProxy', wrong: /\b(?:Haproxy|haproxy|HA Proxy)\b/ },
  { right: 'nginx', wrong: /\b(?:Nginx|NGINX)\b/ },
  { right: 'npm', wrong: /\b(?:NPM|Npm)\b/ },
  { right: 'GitHub', wrong: /\b(?:Github|github)\b(?!\.)/ },
];

/** What is spelled wrongly in a piece of prose, such as `Dpop: write DPoP`. */
export function wrongTerms(prose: string, page = ''): readonly string[] {
  return TERMS.filter(({ except = [] }) => !except.includes(page)).flatMap(({ right, wrong }) =>
    [...prose.matchAll(new RegExp(wrong, `${wrong.flags}g`))].map(
      ([found]) => `${found}: write ${right}`,
    ),
  );
}
