import { sha256Base64url } from '@keybound/core';
import { decodeJws } from '@keybound/test-kit';

/** A form that arrived at an endpoint, and the claims of its proof. */
export interface ReceivedForm {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly proof: Readonly<Record<string, unknown>> | undefined;
}

/** An authorization server that is a function: it answers as it is told, and notes what it gets. */
export interface FakeAuthorizationServer {
  readonly fetch: typeof fetch;
  readonly received: ReceivedForm[];
  /** The forms that came to one path. */
  formsTo(path: string): readonly ReceivedForm[];
  /** Where a browser that was sent to a URL comes back, having allowed access. */
  answerTo(url: string, parameters?: Readonly<Record<string, string>>): string;
  /** What the next answers of the token endpoint are; the last one goes on. */
  tokenAnswers: (Readonly<Record<string, unknown>> | Error | number)[];
  revocationStatus: number | Error;
  parStatus: number;
  /** In place of what a PAR endpoint answers. */
  parAnswer?: Response;
}

const ISSUER = 'https://as.example';
export const REDIRECT_URI = 'https://app.example/callback';

/** Its metadata (RFC 8414). */
export const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  pushed_authorization_request_endpoint: `${ISSUER}/par`,
  revocation_endpoint: `${ISSUER}/revoke`,
  authorization_response_iss_parameter_supported: true,
  code_challenge_methods_supported: ['S256'],
  dpop_signing_alg_values_supported: ['ES256'],
};

/** A token response with what is not said otherwise. */
export function tokens(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    access_token: 'a1',
    token_type: 'DPoP',
    expires_in: 300,
    refresh_token: 'r1',
    ...overrides,
  };
}

export function createFakeAuthorizationServer(): FakeAuthorizationServer {
  const pushed = new Map<string, Readonly<Record<string, string>>>();
  const server: FakeAuthorizationServer = {
    received: [],
    tokenAnswers: [tokens()],
    revocationStatus: 200,
    parStatus: 201,
    formsTo: (path) => server.received.filter((one) => one.path === path),
    answerTo(url, parameters = {}): string {
      const { searchParams } = new URL(url);
      const request =
        pushed.get(searchParams.get('request_uri') ?? '') ?? Object.fromEntries(searchParams);
      const answer = { code: 'c1', state: request.state ?? '', iss: ISSUER, ...parameters };
      return `${request.redirect_uri}?${new URLSearchParams(answer)}`;
    },
    async fetch(input, init): Promise<Response> {
      const { pathname } = new URL(String(input));
      const headers = new Headers(init?.headers);
      const proof = headers.get('dpop');
      const form = Object.fromEntries(new URLSearchParams(String(init?.body)));
      server.received.push({
        path: pathname,
        form,
        proof: proof === null ? undefined : (decodeJws(proof).payload as Record<string, unknown>),
      });
      if (pathname === '/par') {
        if (server.parStatus !== 201) {
          return Response.json({ error: 'invalid_target' }, { status: server.parStatus });
        }
        if (server.parAnswer !== undefined) return server.parAnswer.clone();
        const uri = `urn:request:${pushed.size}`;
        pushed.set(uri, form);
        return Response.json({ request_uri: uri, expires_in: 60 }, { status: 201 });
      }
      if (pathname === '/revoke') {
        if (server.revocationStatus instanceof Error) throw server.revocationStatus;
        return new Response(null, { status: server.revocationStatus });
      }
      const [answer] = server.tokenAnswers;
      if (server.tokenAnswers.length > 1) server.tokenAnswers.shift();
      if (answer instanceof Error) throw answer;
      if (typeof answer === 'number') return new Response('{}', { status: answer });
      return Response.json(answer, { status: answer && 'error' in answer ? 400 : 200 });
    },
  };
  return server;
}

/** Whether a verifier is the one of a challenge (RFC 7636 §4.6). */
export async function fitsChallenge(verifier = '', challenge = ''): Promise<boolean> {
  return (await sha256Base64url(verifier)) === challenge;
}
