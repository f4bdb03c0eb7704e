import { createProof, createSigner } from '@keybound/signer';
import { callApi } from '../call-api.ts';
import { passedOn } from '../malicious-api.ts';
import { credentialsOf, deliver, type WireRequest, type WireResponse } from '../wire.ts';
import { FORGED_NOTE } from './notes.ts';
import { type Scenario, stoppedBy } from './scenario.ts';
import { signedWithStolenKey, takenAway } from './stolen-key.ts';

/** Older than every preset but `mcp` accepts. */
const LATE_SECONDS = 400;
/** Within what every preset accepts. */
const AHEAD_SECONDS = 20;

/** What stops a thief at the API, who has a copy of something the client sent. */
export const API_THEFTS: readonly Scenario[] = [
  {
    id: 'log-line',
    title: 'token from a log line',
    story: 'A log shows the credential. The thief uses it elsewhere, with a key of its own.',
    kind: 'theft',
    expected: stoppedBy('key_mismatch'),
    async play({ lane, thief }): Promise<WireResponse> {
      const { request } = await lane.send(lane.notesUrl);
      const { dpop, ...logged } = credentialsOf(request);
      if (dpop === undefined) return deliver({ ...request, headers: logged }, thief);
      const proof = await createProof(await createSigner(), {
        method: 'GET',
        uri: lane.notesUrl,
        accessToken: await lane.token(),
      });
      return deliver({ ...request, headers: { ...logged, dpop: proof } }, thief);
    },
  },
  {
    id: 'storage',
    title: 'storage read by script',
    story:
      'Injected script reads all that the client keeps. It finds a key that it cannot take away, and signs elsewhere with its own.',
    kind: 'theft',
    expected: stoppedBy('key_mismatch'),
    async play({ lane, thief }): Promise<WireResponse> {
      const { credential, privateKey } = await lane.readStorage();
      const { headers } = await lane.prepare(lane.notesUrl);
      const signer = privateKey && ((await takenAway(privateKey)) ?? (await createSigner()));
      if (signer) return callApi(lane, credential, { ...thief, signer });
      // The API key or the bearer token is all there is, and all it takes.
      const request = { method: 'GET', url: lane.notesUrl, body: undefined };
      return deliver({ ...request, headers: credentialsOf({ headers }) }, thief);
    },
  },
  {
    id: 'as-bearer',
    title: 'bound token sent as Bearer',
    story: 'The thief strips the proof and tries the token at a mount that still takes Bearer.',
    kind: 'theft',
    expected: { dpop: 'token_bound', 'dpop-nonce': 'token_bound' },
    async play({ lane, thief }): Promise<WireResponse> {
      return deliver(
        {
          method: 'GET',
          url: `${lane.resource}/either/notes`,
          headers: { authorization: `Bearer ${await lane.token()}` },
          body: undefined,
        },
        thief,
      );
    },
  },
  {
    id: 'malicious-api',
    title: 'malicious API passes it on',
    story:
      'An API the client calls sends the credentials on, within the second and with a good nonce.',
    kind: 'theft',
    expected: stoppedBy('htu_mismatch'),
    async play({ lane, thief, maliciousApi }): Promise<WireResponse> {
      await lane.send(maliciousApi.urlFor(lane.notesUrl));
      const stolen = await maliciousApi.lastReceived();
      if (stolen === undefined) throw new Error('the malicious API received nothing');
      return deliver(passedOn(stolen, lane.notesUrl), thief);
    },
  },
  {
    id: 'replay',
    title: 'whole request replayed',
    story: 'A proxy recorded a request that went through. The thief sends the same bytes again.',
    kind: 'theft',
    expected: stoppedBy('proof_replayed'),
    async play({ lane, thief }): Promise<WireResponse> {
      return deliver((await lane.send(lane.notesUrl)).request, thief);
    },
  },
  {
    id: 'late',
    title: 'held back, replayed later',
    story: 'A request never arrived. The thief delivers it minutes later.',
    kind: 'theft',
    expected: stoppedBy('proof_expired'),
    async play({ lane, thief }): Promise<WireResponse> {
      return deliver(await lane.prepare(lane.notesUrl, {}, LATE_SECONDS), thief);
    },
  },
  {
    id: 'other-path',
    title: 'moved to another path',
    story: 'The thief holds an unspent request for one path and uses it for another.',
    kind: 'theft',
    expected: { 'jwt-bearer': 'served', dpop: 'htu_mismatch', 'dpop-nonce': 'htu_mismatch' },
    async play({ lane, thief }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl);
      return deliver({ ...stolen, url: `${lane.resource}/either/notes` }, thief);
    },
  },
  {
    id: 'other-method',
    title: 'moved to another method',
    story: 'The thief holds an unspent GET and turns it into a POST.',
    kind: 'theft',
    expected: stoppedBy('htm_mismatch'),
    async play({ lane, thief }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl);
      return deliver(forgedNote(stolen), thief);
    },
  },
  {
    id: 'pre-generated',
    title: 'proofs made in advance',
    story:
      'Malware, now gone, had the client sign proofs for later. It could not know the later nonce.',
    kind: 'theft',
    expected: { dpop: 'served', 'dpop-nonce': 'nonce_missing' },
    async play({ lane, thief }): Promise<WireResponse> {
      return deliver(await signedWithStolenKey(lane, AHEAD_SECONDS), thief);
    },
  },
];

function forgedNote(stolen: WireRequest): WireRequest {
  return {
    ...stolen,
    method: 'POST',
    headers: { ...stolen.headers, 'content-type': 'application/json' },
    body: FORGED_NOTE,
  };
}
