import { createSigner } from '@keybound/signer';
import { callApi } from '../call-api.ts';
import {
  codeGrant,
  type GrantForm,
  type Requester,
  randomText,
  refreshGrant,
  type UserClient,
} from '../user-client.ts';
import type { WireResponse } from '../wire.ts';
import { exceptApiKey, type Scenario, type Stage, stoppedBy, withApp } from './scenario.ts';

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
    play: withApp(async (app, stage) => redeemAndUse(app, stage, refreshGrant(await app.signIn()))),
  },
  {
    id: 'refresh-reused',
    title: 'refresh token used by both',
    story:
      'After the thief the client refreshes. A token that comes twice gives the theft away and ends the grant, also for the newest token of the thief.',
    kind: 'theft',
    expected: REFUSED_EVERYWHERE,
    play: withApp(async (app, stage) => {
      const thief = await armedThief(stage);
      const stolen = await app.signIn();
      const { tokens: loot = stolen } = await app.requestTokens(refreshGrant(stolen), thief);
      await app.requestTokens(refreshGrant(stolen));
      return (await app.requestTokens(refreshGrant(loot), thief)).response;
    }),
  },
  {
    id: 'code-intercepted',
    title: 'code intercepted',
    story: 'The thief sees the redirect with the code, but not the PKCE verifier, and guesses one.',
    kind: 'theft',
    expected: REFUSED_EVERYWHERE,
    play: withApp(async (app, stage) => {
      const received = await app.authorize();
      return redeemAndUse(app, stage, codeGrant({ ...received, verifier: randomText() }));
    }),
  },
  {
    id: 'code-and-verifier',
    title: 'code and verifier stolen',
    story: 'A leaked log of the client has both. A code that is bound to a key needs the key too.',
    kind: 'theft',
    expected: exceptApiKey(stoppedBy('invalid_grant')),
    play: withApp(async (app, stage) => redeemAndUse(app, stage, codeGrant(await app.authorize()))),
  },
];

/** What a thief gets who redeems something of a public client with a key of its own: notes, or a refusal. */
async function redeemAndUse(app: UserClient, stage: Stage, loot: GrantForm): Promise<WireResponse> {
  const thief = await armedThief(stage);
  const { response, tokens } = await app.requestTokens(loot, thief);
  return tokens === undefined ? response : callApi(stage.lane, tokens.accessToken, thief);
}

/** The thief, with a key of its own in the lanes where one is needed. */
async function armedThief({ lane, thief }: Stage): Promise<Requester> {
  return { ...thief, signer: lane.self.signer && (await createSigner()) };
}
