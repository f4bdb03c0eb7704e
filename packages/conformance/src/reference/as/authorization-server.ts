import type { Answer, AsConfig, AsRequestVector, AsState, Decision } from '@keybound/dpop-vectors';
import { Refusal, refusing } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { ReadProof } from '../proof.ts';
import { createReplayMemory } from '../replay.ts';
import type { Switches } from '../switches.ts';
import { clientOf } from './clients.ts';
import { type Form, formOf } from './form.ts';
import { introspect, revoke } from './introspection.ts';
import { metadata } from './metadata.ts';
import { proofOf } from './proof.ts';
import { pushRequest } from './pushed-requests.ts';
import { memoryOf } from './state.ts';
import { prepareTokens } from './token-endpoint.ts';

/** An authorization server in memory, without pages. */
export interface AuthorizationServer {
  /** What stands for the names in the state it was made with. */
  readonly values: Readonly<Record<string, string>>;
  answer(config: AsConfig, request: AsRequestVector, clock: number): Promise<Answer>;
}

interface Response {
  readonly status: number;
  readonly body: JsonObject;
}

export function createAuthorizationServer(
  { replay: mode, clock: start }: Pick<AsConfig, 'replay' | 'clock'>,
  state: AsState,
  switches: Switches,
): AuthorizationServer {
  const { memory, values } = memoryOf(state, start);
  const replay = createReplayMemory(mode, switches);

  return {
    values,
    async answer(config, request, clock) {
      if (request.endpoint === 'authorization') return { skip: 'there are no pages to log in at' };
      try {
        const { status, body } = await respond(config, request, clock);
        return accepted(status, body);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refused(error, config, switches);
      }
    },
  };

  async function respond(
    config: AsConfig,
    request: AsRequestVector,
    clock: number,
  ): Promise<Response> {
    if (request.endpoint === 'metadata') return { status: 200, body: metadata(config, switches) };
    const form = formOf(request);
    const client = clientOf(config, request, form, clock, switches);
    switch (request.endpoint) {
      case 'token': {
        const proof = tokenProof(config, request, form, clock);
        const asked = { config, client, form, clock, proof };
        const issue = prepareTokens(asked, memory, switches);
        await note(proof, config, clock);
        return { status: 200, body: issue() };
      }
      case 'pushed_authorization_request': {
        const proof = switches.has('pushed-proof-ignored')
          ? undefined
          : proofOf(config, request, clock, switches);
        const body = pushRequest(client, form, proof, switches);
        await note(proof, config, clock);
        return { status: 201, body };
      }
      case 'introspection':
        return { status: 200, body: introspect(client, form, memory, clock, switches) };
      default:
        revoke(client, form, memory, switches);
        return { status: 200, body: {} };
    }
  }

  async function note(
    proof: ReadProof | undefined,
    config: AsConfig,
    clock: number,
  ): Promise<void> {
    if (proof === undefined) return;
    await refusing('invalid_dpop_proof', () => replay.use(proof, { ...config, clock }));
  }

  function tokenProof(
    config: AsConfig,
    request: AsRequestVector,
    form: Form,
    clock: number,
  ): ReadProof | undefined {
    try {
      return proofOf(config, request, clock, switches);
    } catch (error) {
      if (switches.has('code-used-up-by-refusal')) memory.codes.delete(form.get('code') ?? '');
      throw error;
    }
  }
}

function accepted(status: number, body: JsonObject): Decision {
  return {
    decision: 'accept',
    status,
    error: null,
    body,
    fields: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
    ],
  };
}

function refused(
  { code, status = 400, message: detail }: Refusal,
  { nonce }: AsConfig,
  switches: Switches,
): Decision {
  const isHandedOut = nonce !== null && !switches.has('nonce-not-handed-out');
  return {
    decision: 'reject',
    status,
    error: code,
    body: { error: code },
    detail,
    fields: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
      ...(status === 401 ? [['WWW-Authenticate', 'Basic realm="clients"'] as const] : []),
      ...(isHandedOut ? [['DPoP-Nonce', nonce.current] as const] : []),
    ],
  };
}
