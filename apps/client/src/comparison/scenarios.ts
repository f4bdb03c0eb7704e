import type { AuthReason } from '@keybound/core';
import { systemClock } from '@keybound/core';
import { createProof, createSigner } from '@keybound/signer';
import type { Lane, LaneId } from './lanes.ts';
import { type MaliciousApi, passedOn } from './malicious-api.ts';
import { credentialsOf, deliver, type WireRequest, type WireResponse } from './wire.ts';

/** What must happen in a cell: let in, or refused by a named check. */
export type Expectation = 'served' | AuthReason;

/** What a scenario has to work with. */
export interface Stage {
  readonly lane: Lane;
  readonly maliciousApi: MaliciousApi;
}

/** One story, played in every lane that has what it needs. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What the thief has and does, for people. */
  readonly story: string;
  /** Honest use, a theft, or what no lane stops. */
  readonly kind: 'honest' | 'theft' | 'limit';
  /** Lanes that are left out do not have what the story needs. */
  readonly expected: Readonly<Partial<Record<LaneId, Expectation>>>;
  play(stage: Stage): Promise<WireResponse>;
}

type Expected = Scenario['expected'];

const BEARER: Expected = { 'api-key': 'served', 'opaque-bearer': 'served', 'jwt-bearer': 'served' };

/** Served wherever a copied credential is enough, refused by one check where a key is needed. */
function stoppedBy(reason: AuthReason, withNonce: AuthReason = reason): Expected {
  return { ...BEARER, dpop: reason, 'dpop-nonce': withNonce };
}

const SERVED_EVERYWHERE: Expected = { ...BEARER, dpop: 'served', 'dpop-nonce': 'served' };
const SERVED_WITH_KEYS: Expected = { dpop: 'served', 'dpop-nonce': 'served' };

const NEW_NOTE = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: 'Buy milk.' }),
} satisfies RequestInit;

const FORGED_NOTE = JSON.stringify({ text: 'Pay Mallory.' });

/** Older than every preset but `mcp` accepts. */
const LATE_SECONDS = 400;
/** Within what every preset accepts. */
const AHEAD_SECONDS = 20;

/** The stories in the order in which they are told. */
export const SCENARIOS: readonly Scenario[] = [
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
    id: 'log-line',
    title: 'token from a log line',
    story: 'A log shows the credential. The thief uses it elsewhere, with a key of its own.',
    kind: 'theft',
    expected: stoppedBy('key_mismatch'),
    async play({ lane }): Promise<WireResponse> {
      const { request } = await lane.send(lane.notesUrl);
      const { dpop, ...logged } = credentialsOf(request);
      if (dpop === undefined) return deliver({ ...request, headers: logged });
      const proof = await createProof(await createSigner(), {
        method: 'GET',
        uri: lane.notesUrl,
        accessToken: await lane.token(),
      });
      return deliver({ ...request, headers: { ...logged, dpop: proof } });
    },
  },
  {
    id: 'as-bearer',
    title: 'bound token sent as Bearer',
    story: 'The thief strips the proof and tries the token at a mount that still takes Bearer.',
    kind: 'theft',
    expected: { dpop: 'token_bound', 'dpop-nonce': 'token_bound' },
    async play({ lane }): Promise<WireResponse> {
      return deliver({
        method: 'GET',
        url: `${lane.resource}/either/notes`,
        headers: { authorization: `Bearer ${await lane.token()}` },
        body: undefined,
      });
    },
  },
  {
    id: 'malicious-api',
    title: 'malicious API passes it on',
    story:
      'An API the client calls sends the credentials on, within the second and with a good nonce.',
    kind: 'theft',
    expected: stoppedBy('htu_mismatch'),
    async play({ lane, maliciousApi }): Promise<WireResponse> {
      maliciousApi.aimAt(lane.notesUrl);
      await lane.send(`${maliciousApi.origin}/notes`);
      const stolen = maliciousApi.received.at(-1);
      if (stolen === undefined) throw new Error('the malicious API received nothing');
      return deliver(passedOn(stolen, lane.notesUrl));
    },
  },
  {
    id: 'replay',
    title: 'whole request replayed',
    story: 'A proxy recorded a request that went through. The thief sends the same bytes again.',
    kind: 'theft',
    expected: stoppedBy('proof_replayed'),
    async play({ lane }): Promise<WireResponse> {
      return deliver((await lane.send(lane.notesUrl)).request);
    },
  },
  {
    id: 'late',
    title: 'held back, replayed later',
    story: 'A request never arrived. The thief delivers it minutes later.',
    kind: 'theft',
    expected: stoppedBy('proof_expired'),
    async play({ lane }): Promise<WireResponse> {
      return deliver(await lane.prepare(lane.notesUrl, {}, LATE_SECONDS));
    },
  },
  {
    id: 'other-path',
    title: 'moved to another path',
    story: 'The thief holds an unspent request for one path and uses it for another.',
    kind: 'theft',
    expected: { 'jwt-bearer': 'served', dpop: 'htu_mismatch', 'dpop-nonce': 'htu_mismatch' },
    async play({ lane }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl);
      return deliver({ ...stolen, url: `${lane.resource}/either/notes` });
    },
  },
  {
    id: 'other-method',
    title: 'moved to another method',
    story: 'The thief holds an unspent GET and turns it into a POST.',
    kind: 'theft',
    expected: stoppedBy('htm_mismatch'),
    async play({ lane }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl);
      return deliver(forgedNote(stolen));
    },
  },
  {
    id: 'pre-generated',
    title: 'proofs made in advance',
    story:
      'Malware, now gone, had the client sign proofs for later. It could not know the later nonce.',
    kind: 'theft',
    expected: { dpop: 'served', 'dpop-nonce': 'nonce_missing' },
    async play({ lane }): Promise<WireResponse> {
      return deliver(await signedWithStolenKey(lane, AHEAD_SECONDS));
    },
  },
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
    async play({ lane }): Promise<WireResponse> {
      const { nonce } = await deliver({
        method: 'GET',
        url: lane.notesUrl,
        headers: {},
        body: undefined,
      });
      return deliver(await signedWithStolenKey(lane, 0, nonce));
    },
  },
  {
    id: 'altered-body',
    title: 'body altered on the way',
    story:
      'A proxy that ends TLS changes the body of an unspent request. No proof covers the body.',
    kind: 'limit',
    expected: SERVED_EVERYWHERE,
    async play({ lane }): Promise<WireResponse> {
      const stolen = await lane.prepare(lane.notesUrl, NEW_NOTE);
      return deliver({ ...stolen, body: FORGED_NOTE });
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

/** A request made with the client's own key and token, by somebody else. */
async function signedWithStolenKey(
  lane: Lane,
  aheadSeconds: number,
  nonce?: string,
): Promise<WireRequest> {
  if (lane.signer === undefined) throw new Error(`lane ${lane.id} has no key`);
  const accessToken = await lane.token();
  const proof = await createProof(lane.signer, {
    method: 'GET',
    uri: lane.notesUrl,
    accessToken,
    clock: () => systemClock() + aheadSeconds,
    ...(nonce !== undefined && { nonce }),
  });
  return {
    method: 'GET',
    url: lane.notesUrl,
    headers: { authorization: `DPoP ${accessToken}`, dpop: proof },
    body: undefined,
  };
}
