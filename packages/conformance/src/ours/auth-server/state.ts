import {
  ACR_PASSWORD,
  type AuthServerOptions,
  addRefreshToken,
  type Client,
  type Database,
  DEMO_USERS,
  isPublicClient,
  issueCode,
  newSecret,
  prolongGrant,
  refreshTokenExpiry,
} from '@keybound/auth-server';
import type { AsState, CodeState, RefreshTokenState } from '@keybound/dpop-vectors';

/** How long tokens and grants of the servers last, in seconds. */
export const LIFETIMES: AuthServerOptions['lifetimes'] = {
  accessTokenSeconds: 300,
  refreshTokenSeconds: 86_400,
  grantSeconds: 10 * 86_400,
};

/** Any, for grants whose code nobody redeems. */
const UNUSED = { redirectUri: 'https://app.example/', codeChallenge: '' };

/** The person who consents to everything. */
export const ALICE: (typeof DEMO_USERS)[number] = aliceOf(DEMO_USERS);

function aliceOf(users: typeof DEMO_USERS): (typeof DEMO_USERS)[number] {
  const alice = users.find(({ username }) => username === 'alice');
  if (alice === undefined) throw new Error('no demonstration user is called alice');
  return alice;
}

/** Where the state is made. */
export interface Place {
  readonly db: Database['db'];
  readonly now: number;
  readonly clients: readonly Client[];
  /** For what names no resource. */
  readonly defaultResource: string;
}

/** Makes the codes and tokens of a state. @returns what stands for their names */
export async function makeState(
  place: Place,
  { codes = {}, refreshTokens = {} }: AsState,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const [name, code] of Object.entries(codes)) {
    values[name] = (await consent(place, code)).code;
  }
  for (const [name, token] of Object.entries(refreshTokens)) {
    values[name] = await giveRefreshToken(place, token);
  }
  return values;
}

type Consented = Pick<CodeState, 'client' | 'scope' | 'resource' | 'dpopJkt'> &
  Partial<Pick<CodeState, 'redirectUri' | 'codeChallenge'>>;

/** What happens in the database when Alice consents. */
function consent(
  { db, now, defaultResource }: Place,
  { client, scope, resource = defaultResource, dpopJkt, ...rest }: Consented,
): ReturnType<typeof issueCode> {
  const { redirectUri = UNUSED.redirectUri, codeChallenge = UNUSED.codeChallenge } = rest;
  return issueCode(
    db,
    { clock: () => now },
    {
      clientId: client,
      redirectUri,
      redirectUriNamed: true,
      scope: scope.split(' '),
      resources: [resource],
      codeChallenge,
      ...(dpopJkt !== undefined && { dpopJkt }),
      forcesLogin: false,
    },
    { user: ALICE, authenticatedAt: now, acr: ACR_PASSWORD },
  );
}

/** What happens in the database when a code is redeemed. */
async function giveRefreshToken(
  place: Place,
  { client: id, scope, resource, jkt }: RefreshTokenState,
): Promise<string> {
  const { db, now, clients } = place;
  const client = clients.find(({ client_id }) => client_id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  const { grantId } = await consent(place, {
    client: id,
    scope,
    ...(resource !== undefined && { resource }),
  });
  const grantEnd = now + LIFETIMES.grantSeconds;
  const token = newSecret();
  await prolongGrant(db, grantId, grantEnd);
  await addRefreshToken(db, token, {
    grantId,
    jkt: isPublicClient(client) && jkt !== null ? jkt : undefined,
    expiresAt: refreshTokenExpiry(now, LIFETIMES.refreshTokenSeconds, grantEnd),
  });
  return token;
}
