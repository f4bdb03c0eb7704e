import { createSigner, type Signer } from '@keybound/signer';
import { callApi } from '../call-api.ts';
import type { Lane } from '../lanes.ts';
import {
  codeGrant,
  type GrantForm,
  randomText,
  refreshGrant,
  type UserClient,
} from '../user-client.ts';
import type { WireResponse } from '../wire.ts';
import { exceptApiKey, type Scenario, stoppedBy, withApp } from './scenario.ts';

const REFUSED_EVERYWHERE: Scenario['expected'] = {
  'opaque-bearer': 'invalid_grant',
  'jwt-bearer': 'invalid_grant',
  dpop: 'invalid_grant',
  'dpop-nonce': 'invalid_grant',
};

/** What stops a thief at the authorization server, who is after tokens of its own. */
export const GRANT_THEFTS: readonly Scenario[] = [
  {
    id: 'refresh-stolen',
    title: 'refresh token stolen',
    story: 'A copied refresh token is redeemed elsewhere, and the new access token used.',
    kind: 'theft',
    expected: exceptApiKey(stoppedBy('invalid_grant')),
    play: withApp(async (app, { lane }) =>
      redeemAndUse(app, lane, refreshGrant(await app.signIn())),
    ),
  },
  {
    id: 'refresh-reused',
    title: 'refresh token used by both',
    story:
      'After the thief the client refreshes. A token that comes twice gives the theft away and ends the grant, also for the newest token of the thief.',
    kind: 'theft',
    expected: REFUSED_EVERYWHERE,
    play: withApp(async (app, { lane }) => {
      const thiefKey = await keyOfThief(lane);
      const stolen = await app.signIn();
      const { tokens: loot = stolen } = await app.requestTokens(refreshGrant(stolen), thiefKey);
      await app.requestTokens(refreshGrant(stolen));
      return (await app.requestTokens(refreshGrant(loot), thiefKey)).response;
    }),
  },
  {
    id: 'code-intercepted',
    title: 'code intercepted',
    story: 'The thief sees the redirect with the code, but not the PKCE verifier, and guesses one.',
    kind: 'theft',
    expected: REFUSED_EVERYWHERE,
    play: withApp(async (app, { lane }) => {
      const { code } = await app.authorize();
      return redeemAndUse(app, lane, codeGrant({ code, verifier: randomText() }));
    }),
  },
  {
    id: 'code-and-verifier',
    title: 'code and verifier stolen',
    story: 'A leaked log of the client has both. A code that is bound to a key needs the key too.',
    kind: 'theft',
    expected: exceptApiKey(stoppedBy('invalid_grant')),
    play: withApp(async (app, { lane }) =>
      redeemAndUse(app, lane, codeGrant(await app.authorize())),
    ),
  },
];

/** What a thief gets who redeems something of a public client with a key of its own: notes, or a refusal. */
async function redeemAndUse(app: UserClient, lane: Lane, loot: GrantForm): Promise<WireResponse> {
  const key = await keyOfThief(lane);
  const { response, tokens } = await app.requestTokens(loot, key);
  return tokens === undefined ? response : callApi(lane, tokens.accessToken, key);
}

async function keyOfThief({ signer }: Lane): Promise<Signer | undefined> {
  return signer && createSigner();
}
