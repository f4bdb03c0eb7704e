import { createSigner } from '@keybound/signer';
import { callApi } from '../call-api.ts';
import { refreshGrant } from '../user-client.ts';
import type { WireResponse } from '../wire.ts';
import { NEW_NOTE } from './notes.ts';
import { type Scenario, SERVED_EVERYWHERE, SERVED_WITH_KEYS } from './scenario.ts';

/** What must work in every lane that has it. */
export const HONEST_USE: readonly Scenario[] = [
  {
    id: 'honest',
    title: 'honest reads and writes',
    story: 'The client lists its notes and adds one.',
    kind: 'honest',
    expected: SERVED_EVERYWHERE,
    async play({ lane }): Promise<WireResponse> {
      const { response } = await lane.send(lane.notesUrl);
      return response.status === 200
        ? (await lane.send(lane.notesUrl, NEW_NOTE)).response
        : response;
    },
  },
  {
    id: 'key-change',
    title: 'confidential client, new key',
    story:
      'A client with a secret refreshes with a new key and uses the new token. Its grant is bound to the secret, not to the key.',
    kind: 'honest',
    expected: SERVED_WITH_KEYS,
    async play({ lane }): Promise<WireResponse | undefined> {
      const { web } = lane;
      if (web === undefined) return undefined;
      const renewed = { ...lane.self, signer: await createSigner() };
      const first = await web.signIn();
      const { response, tokens } = await web.requestTokens(refreshGrant(first), renewed);
      return tokens === undefined ? response : callApi(lane, tokens.accessToken, renewed);
    },
  },
];
