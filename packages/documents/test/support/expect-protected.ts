import { parseChallenges } from '@keybound/signer';
import { expect } from 'vitest';
import { API, type World } from '../world/world.ts';

/** What a document promises of a protected route. */
export interface Protection {
  /** Its origin is the audience of the tokens. @defaultValue the notes of the API of the documents */
  readonly url?: string;
  /** @defaultValue GET */
  readonly method?: string;
  /** The schemes its challenge offers. @defaultValue DPoP alone */
  readonly schemes?: readonly ('Bearer' | 'DPoP')[];
  /** The scope without which it answers 403. @defaultValue notes:read; undefined: any token will do */
  readonly scope?: string | undefined;
  /** The form of the tokens. @defaultValue jwt */
  readonly format?: 'jwt' | 'opaque';
  /** What answers. @defaultValue the global fetch */
  readonly send?: (request: Request) => Response | Promise<Response>;
}

/**
 * Everything that "protected" means, put to a route: no token, a token with its proof, the same request
 * once more, a bound token as Bearer, a plain bearer token, a token without the scope.
 *
 * @returns the body with which the good request was answered
 */
export async function expectProtected(world: World, options: Protection = {}): Promise<string> {
  const { url = `${API}/notes`, method = 'GET', schemes = ['DPoP'], format = 'jwt' } = options;
  const { send = (request) => fetch(request) } = options;
  const scope = 'scope' in options ? options.scope : 'notes:read';
  const takesBound = schemes.includes('DPoP');
  const wanted = { format, resource: new URL(url).origin };

  const bare = await send(new Request(url, { method }));
  expect(bare.status, 'without a token').toBe(401);
  expect(
    challengesOf(bare).map((one) => one.scheme.toLowerCase()),
    'the schemes it offers',
  ).toEqual(schemes.map((scheme) => scheme.toLowerCase()));
  expect(errorOf(bare), 'without a token there is no error').toBeUndefined();

  const bound = await world.tokenOf(wanted);
  const asBearer = await send(await bound.request(url, { method, scheme: 'Bearer' }));
  expect(asBearer.status, 'a bound token as Bearer').toBe(401);

  const plain = await world.tokenOf({ ...wanted, bound: false });
  const withPlain = await send(await plain.request(url, { method }));
  if (schemes.includes('Bearer')) expect(withPlain.status, 'a bearer token').toBeLessThan(300);
  else expect(withPlain.status, 'a bearer token').toBe(401);

  if (scope !== undefined) {
    const other = scope === 'notes:read' ? 'notes:write' : 'notes:read';
    const poor = await world.tokenOf({ ...wanted, bound: takesBound, scope: other });
    const [refused] = await present(poor, url, method, send);
    expect(refused.status, `a token without ${scope}`).toBe(403);
    expect(errorOf(refused)).toBe('insufficient_scope');
  }
  if (!takesBound) return withPlain.text();

  const [good, sent] = await present(bound, url, method, send);
  expect(good.status, 'a bound token with a proof').toBeLessThan(300);
  const replayed = await send(sent);
  expect(replayed.status, 'the same request once more').toBe(401);
  expect(errorOf(replayed)).toBe('invalid_dpop_proof');
  return good.text();
}

type Send = NonNullable<Protection['send']>;
type Presenter = Awaited<ReturnType<World['tokenOf']>>;

/** Presents a token, once more where a nonce is asked for; the answer, and the request to replay. */
async function present(
  token: Presenter,
  url: string,
  method: string,
  send: Send,
): Promise<[Response, Request]> {
  const first = await token.request(url, { method });
  const again = first.clone() as Request;
  const answer = await send(first);
  if (errorOf(answer) !== 'use_dpop_nonce') return [answer, again];
  const nonce = answer.headers.get('dpop-nonce') ?? '';
  const second = await token.request(url, { method, nonce });
  const copy = second.clone() as Request;
  return [await send(second), copy];
}

/** The challenges of an answer. */
function challengesOf(response: Response) {
  return parseChallenges([response.headers.get('www-authenticate') ?? '']);
}

/** The error of the first challenge that names one. */
function errorOf(response: Response): string | undefined {
  return challengesOf(response).flatMap(({ parameters }) => parameters.get('error') ?? [])[0];
}
