import type { Adapter, Answer, Decision, Question, Skip } from '@keybound/dpop-vectors';
import { atClock } from './at-clock.ts';
import {
  type Limits,
  outsideOfRequests,
  outsideOfTokens,
  type RsQuestion,
  type TokenQuestion,
} from './limits.ts';
import { sentProof } from './sent.ts';
import { versionOf } from './versions.ts';

/** A peer, and what a reader of its results has to know. */
export interface Peer extends Adapter {
  readonly version: string;
  /** How it is called and configured. */
  readonly configuration: string;
  /** Other packages that do its work, with their versions. */
  readonly builtOn: string;
}

/** A peer before the questions that all peers share are dealt with. */
export interface PeerPlan<Session> {
  /** The installed package. */
  readonly package: string;
  /** @defaultValue the name of the package */
  readonly name?: string;
  readonly builtOn: string;
  readonly configuration: string;
  readonly limits: Limits;
  /** What lasts for a session, such as a memory of proofs. */
  readonly open: (question: RsQuestion) => Session | Promise<Session>;
  readonly decide: (question: RsQuestion, session: Session) => Promise<Decision | Skip>;
  /** A string says why tokens alone are not asked. */
  readonly decideToken: string | ((question: TokenQuestion) => Promise<Decision | Skip>);
  readonly computeThumbprint?: (
    question: Extract<Question, { kind: 'thumbprint' }>,
  ) => Promise<Answer>;
  readonly close?: () => Promise<void>;
}

interface Running<Session> {
  readonly state: Session;
  /** The identifiers of proofs that were shown. */
  readonly shown: Set<unknown>;
}

/** Makes an adapter that asks the peer what lies in its scope, and skips the rest with a reason. */
export function createPeer<Session>(plan: PeerPlan<Session>): Peer {
  const sessions = new Map<string, Promise<Running<Session>>>();

  async function opened(question: RsQuestion): Promise<Running<Session>> {
    return { state: await plan.open(question), shown: new Set() };
  }

  async function answerRequest(question: RsQuestion): Promise<Answer> {
    const outside = outsideOfRequests(plan.limits, question);
    if (outside !== undefined) return { skip: outside };
    const running = sessions.get(question.session) ?? opened(question);
    sessions.set(question.session, running);
    const { state, shown } = await running;
    const { jti } = sentProof(question.request).payload;
    if (plan.limits.replay !== undefined && jti !== undefined) {
      if (shown.has(jti)) return { skip: plan.limits.replay };
      shown.add(jti);
    }
    return await plan.decide(question, state);
  }

  async function answerToken(question: TokenQuestion): Promise<Answer> {
    const { decideToken } = plan;
    if (typeof decideToken === 'string') return { skip: decideToken };
    const outside = outsideOfTokens(plan.limits, question);
    return outside === undefined ? await decideToken(question) : { skip: outside };
  }

  async function answerAny(question: Question): Promise<Answer> {
    switch (question.kind) {
      case 'rs-request':
        return await answerRequest(question);
      case 'token':
        return await answerToken(question);
      case 'thumbprint':
        return (await plan.computeThumbprint?.(question)) ?? { skip: NO_THUMBPRINTS };
      default:
        return { skip: OTHER_ROLES[question.kind] };
    }
  }

  return {
    name: plan.name ?? plan.package,
    version: versionOf(plan.package),
    builtOn: plan.builtOn,
    configuration: plan.configuration,
    answer: (question) => atClock(question.clock, () => answerAny(question)),
    end(session) {
      sessions.delete(session);
    },
    ...(plan.close && { close: plan.close }),
  };
}

const NO_THUMBPRINTS = 'It offers no function for this hash.';

const OTHER_ROLES = {
  'as-setup': 'It is asked as a resource server alone.',
  'as-request': 'It is asked as a resource server alone.',
  'raw-request': 'It is called as a function and reads no bytes from a socket.',
  signer: 'It is asked as a resource server alone.',
} as const;

/**
 * The decision of a call that throws what it refuses for. What the peer says beside is told by `says`;
 * whatever else it throws on malformed input is a refusal too, because access was denied.
 */
export async function decisionOf<Thrown extends object>(
  call: () => Promise<unknown>,
  says: (error: Thrown) => Partial<Decision> = () => ({}),
): Promise<Decision> {
  try {
    await call();
    return { decision: 'accept' };
  } catch (error) {
    const told = typeof error === 'object' && error !== null ? says(error as Thrown) : {};
    return { decision: 'reject', detail: textOf(error), ...told };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
