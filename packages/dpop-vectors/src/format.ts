/** The format of the vector files; `schemas/vectors.schema.json` says the same to other languages. */

import type {
  AsConfig,
  Jwk,
  NonceConfig,
  Override,
  RsConfig,
  SignerConfig,
  ThumbprintConfig,
  TokenConfig,
} from './configurations.ts';
import type {
  AsRequestVector,
  AsState,
  ChallengeAssertion,
  Expect,
  RequestVector,
} from './messages.ts';
import type { SignerAssertion, SignerScenario } from './scenarios.ts';

export type * from './configurations.ts';
export type * from './messages.ts';
export type * from './scenarios.ts';

/** One file of vectors. A case is named by `<file>/<id>`, which never changes once published. */
export interface VectorFile {
  /** Tells these files from others. */
  readonly suite: 'dpop-vectors';
  /** The version of this format; a reader of another one must not go on. */
  readonly schemaVersion: 1;
  /** The name of the file without `.json`. */
  readonly file: string;
  /** What the cases are about, for people. */
  readonly title: string;
  /** The program that wrote the file. */
  readonly generator: string;
  /** How many cases all groups have together. */
  readonly numberOfTests: number;
  /** What the flags of the cases mean. */
  readonly notes: Readonly<Record<string, Note>>;
  /** The cases, by the configuration they share. */
  readonly testGroups: readonly TestGroup[];
}

/** Why cases with a flag matter. */
export interface Note {
  /** The class of fault that software has which fails such a case. */
  readonly bugType:
    | 'KNOWN_BUG'
    | 'MISSING_STEP'
    | 'MALLEABILITY'
    | 'DOS'
    | 'EDGE_CASE'
    | 'LEGACY'
    | 'SPEC_AMBIGUITY';
  /** What is wrong with the input, or what is asked for. */
  readonly description: string;
  /** What somebody gains where the check is missing. */
  readonly effect?: string;
  /** Where more is said about the fault. */
  readonly links?: readonly string[];
}

/** A group of cases of one type; `type` tells what they are and how they are judged. */
export type TestGroup =
  | Group<'RsVerify', RsConfig, RequestTest>
  | Group<'Challenge', RsConfig, ChallengeTest>
  | Group<'JwtAccessToken', TokenConfig, TokenTest>
  | Group<'AsToken', AsConfig, AsTest>
  | Group<'AsPar', AsConfig, AsTest>
  | Group<'Sequence', RsConfig | AsConfig, SequenceTest>
  | Group<'RawHttp', RsConfig | AsConfig, RawTest>
  | Group<'Signer', SignerConfig, SignerTest>
  | Group<'Thumbprint', ThumbprintConfig, ThumbprintTest>;

/** The types of groups in these files. */
export type GroupType = TestGroup['type'];

/** Cases that share a configuration. */
export interface Group<Type extends string, Config, Test> {
  /** Unique within the file. */
  readonly id: string;
  /** What the cases are, and how they are judged. */
  readonly type: Type;
  /** What the cases have in common. */
  readonly comment: string;
  /** The software under test is set up like this for each case, save for its `override`. */
  readonly config: Config;
  /** The cases, each run with a memory of its own. */
  readonly tests: readonly Test[];
}

/**
 * `valid` must be accepted, `invalid` must be refused, `acceptable` may be either: the RFCs leave it open
 * or say SHOULD. Groups that judge an output (Signer, Challenge, Thumbprint) read it as: the output must
 * be as the case says; `acceptable` marks what the RFCs only recommend.
 */
export type Result = 'valid' | 'invalid' | 'acceptable';

/** What every case has. */
export interface TestCommon {
  /** Unique within the file. */
  readonly id: string;
  /** What is sent, for people. */
  readonly comment: string;
  /** Keys of `notes`. */
  readonly flags: readonly string[];
  /** The valid case of the same group from which this one differs in one thing; null when there is none. */
  readonly base: string | null;
  /** The verdict that is right. */
  readonly result: Result;
  /** For `acceptable` cases: what the authors of the suite hold to be right. */
  readonly policy?: 'accept' | 'reject';
  /** Why, for every case where the RFCs alone do not decide the verdict or the code. */
  readonly reason?: string;
  /** IDs of `requirements.json`. */
  readonly requirements: readonly string[];
}

/** A request to a protected resource. */
export interface RequestTest extends TestCommon {
  /** The request that is to be decided about. */
  readonly request: RequestVector;
  /** What differs from the configuration of the group. */
  readonly override?: Override<RsConfig>;
  /** What the answer must show. */
  readonly expect: Expect;
}

/** A request to a protected resource of which status and fields of the answer are judged. */
export interface ChallengeTest extends TestCommon {
  /** The request that is to be answered. */
  readonly request: RequestVector;
  /** What differs from the configuration of the group. */
  readonly override?: Override<RsConfig>;
  /** What must hold of the answer, all of it. */
  readonly assertions: readonly ChallengeAssertion[];
}

/** An access token (RFC 9068), without a request around it. */
export interface TokenTest extends TestCommon {
  /** The token that is to be decided about. */
  readonly token: string;
  /** What differs from the configuration of the group. */
  readonly override?: Override<TokenConfig>;
  /** What the answer must show. */
  readonly expect: Expect;
}

/** A request to an authorization server. */
export interface AsTest extends TestCommon {
  /** What exists there before the request. */
  readonly state: AsState;
  /** The request that is to be answered. */
  readonly request: AsRequestVector;
  /** What differs from the configuration of the group. */
  readonly override?: Override<AsConfig>;
  /** What the answer must show. */
  readonly expect: Expect;
}

/** Requests in a row, to one server whose memory lasts from the first to the last. */
export interface SequenceTest extends TestCommon {
  /** At an authorization server. */
  readonly state?: AsState;
  /** What differs from the configuration of the group. */
  readonly override?: Override<RsConfig> | Override<AsConfig>;
  /** The steps, each after the answers of the one before have come. */
  readonly steps: readonly SequenceStep[];
}

/** One request, or several at once. */
export interface SequenceStep {
  /** What the step does, for people. */
  readonly comment: string;
  /** Seconds; the clock of the group when it is left out. */
  readonly clock?: number;
  /** The nonces from here on. */
  readonly nonce?: NonceConfig;
  /** A step that others stand on: when it does not end as it should, the case is not testable. */
  readonly setup?: boolean;
  /** What is sent, all of it at once. */
  readonly requests: readonly (RequestVector | AsRequestVector)[];
  /** How often the requests are sent, all at once. @defaultValue 1 */
  readonly times?: number;
  /** How each answer is judged. */
  readonly result: Result;
  /** For `acceptable` steps: what the authors of the suite hold to be right. */
  readonly policy?: 'accept' | 'reject';
  /** When exactly so many of all the answers must be acceptances, whichever they are; `result` does not count. */
  readonly accepted?: number;
  /** What each answer must show. */
  readonly expect: Expect;
}

/** Exact bytes on a connection. */
export interface RawTest extends TestCommon {
  /** Each character is one byte (ISO 8859-1). */
  readonly raw: string;
  /** At an authorization server; names in `{{name}}` are filled in within the form, and `Content-Length` holds for what is written here with `{{length}}`. */
  readonly state?: AsState;
  /** What differs from the configuration of the group. */
  readonly override?: Override<RsConfig> | Override<AsConfig>;
  /** Where the connection comes from. @defaultValue a client that is no proxy */
  readonly peerAddress?: string;
  /** What the answer must show. */
  readonly expect: Expect;
}

/** What a client does, what servers answer, and what must be seen of it. */
export interface SignerTest extends TestCommon {
  /** What the client is asked for, and what servers answer. */
  readonly scenario: SignerScenario;
  /** What must hold of what was seen, all of it. */
  readonly assertions: readonly SignerAssertion[];
}

/** A known answer: the thumbprint of a key (RFC 7638), or the hash of a token (RFC 9449 §4.2). */
export interface ThumbprintTest extends TestCommon {
  /** The public key whose thumbprint, or the token whose hash, is asked for. */
  readonly input:
    | { readonly operation: 'jkt'; readonly jwk: Jwk }
    | { readonly operation: 'ath'; readonly token: string };
  /** Null where the input must be refused. */
  readonly output: string | null;
}

/** A case of any type. */
export type AnyTest = TestGroup['tests'][number];
