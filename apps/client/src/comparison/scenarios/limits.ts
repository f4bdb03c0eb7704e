import { systemClock } from '@keybound/core';
import { callApi } from '../call-api.ts';
import { deliver, type WireResponse } from '../wire.ts';
import { FORGED_NOTE, NEW_NOTE } from './notes.ts';
import {
  exceptApiKey,
  type Scenario,
  SERVED_EVERYWHERE,
  SERVED_WITH_KEYS,
  withApp,
} from './scenario.ts';
import { signedWithStolenKey } from './stolen-key.ts';

/** What the API allows for clocks that differ, and a moment more. */
const LEEWAY_SECONDS = 5.2;
/** Longer nobody wants to wait for the end of a token. */
const LONGEST_WAIT_SECONDS = 30;

/** What no key stops, and what else does. */
export const LIMITS: readonly Scenario[] = [
  {
    id: 'in-place',
    title: 'script signs in place',
    story: 'Hostile code inside the client asks the client itself to send the request.',
    kind: 'limit',
    expected: SERVED_EVERYWHERE,
    async play({ lane }): Promise<WireResponse> {
      return (await lane.send(lane.notesUrl)).response;
    },
  },
  {
    id: 'stolen-key',
    title: 'private key stolen',
    story: 'The thief copied the key file and the token, and signs like the client.',
    kind: 'limit',
    expected: SERVED_WITH_KEYS,
    async play({ lane, thief }): Promise<WireResponse> {
      const question = { method: 'GET', url: lane.notesUrl, headers: {}, body: undefined };
      const { nonce } = await deliver(question, thief);
      return deliver(await signedWithStolenKey(lane, 0, nonce), thief);
    },
  },
  {
    id: 'altered-body',
    title: 'body altered on the way',
    story:
      'A proxy that ends TLS changes the body of an unspent request. No proof covers the body.',
    kind: 'limit',
    expected: SERVED_EVERYWHERE,
    async play({ lane, thief }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl, NEW_NOTE);
      return deliver({ ...stolen, body: FORGED_NOTE }, thief);
    },
  },
  {
    id: 'revoked',
    title: 'token after revocation',
    story:
      'The person signs out and the client revokes its tokens. A copy of token and key stays in use: introspection knows, a JWT is good until its end.',
    kind: 'limit',
    expected: { ...exceptApiKey(SERVED_EVERYWHERE), 'opaque-bearer': 'token_inactive' },
    play: withApp(async (app, { lane, thief }) => {
      const { accessToken, refreshToken } = await app.signIn();
      await app.revoke(refreshToken ?? accessToken);
      return callApi(lane, accessToken, { ...lane.self, ...thief });
    }),
  },
  {
    id: 'expired',
    title: 'token after its end',
    story: 'The same copy of token and key, used too late. API keys have no end.',
    kind: 'limit',
    expected: {
      'opaque-bearer': 'token_inactive',
      'jwt-bearer': 'token_expired',
      dpop: 'token_expired',
      'dpop-nonce': 'token_expired',
    },
    // The last story: the tokens of the beginning have aged while the others were told.
    async play({ lane, thief, sleep }): Promise<WireResponse | undefined> {
      const { accessToken, endsAt } = lane.firstTokens ?? {};
      if (accessToken === undefined || endsAt === undefined) return undefined;
      const seconds = Math.max(0, endsAt + LEEWAY_SECONDS - systemClock());
      if (seconds > LONGEST_WAIT_SECONDS) return undefined;
      await sleep(seconds);
      return callApi(lane, accessToken, { ...lane.self, ...thief });
    },
  },
];
