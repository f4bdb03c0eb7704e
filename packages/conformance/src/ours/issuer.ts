import type { RsConfig } from '@keybound/dpop-vectors';

/** Where the introspection endpoint of the issuer is; nothing listens there. */
const INTROSPECTION_PATH = '/introspect';

/** The network as a resource server sees it: metadata, keys and introspection of the issuer, and nothing else. */
export function issuerFetch({ issuer, jwks, introspection = {} }: RsConfig): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/.well-known/')) {
      return Response.json({
        issuer,
        jwks_uri: `${issuer}/jwks`,
        introspection_endpoint: `${issuer}${INTROSPECTION_PATH}`,
      });
    }
    if (pathname === '/jwks') return Response.json(jwks);
    if (pathname !== INTROSPECTION_PATH) return new Response(null, { status: 404 });
    const token = new URLSearchParams(await request.text()).get('token') ?? '';
    return Response.json(introspection[token] ?? { active: false });
  };
}
