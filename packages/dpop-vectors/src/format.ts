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
  readonly suite: 'dpop-vectors';
  readonly schemaVersion: 1;
  /** The name of the file without `.json`. */
  readonly file: string;
  readonly title: string;
  readonly generator: string;
  readonly numberOfTests: number;
  /** What the flags of the cases mean. */
  readonly notes: Readonly<Record<string, Note>>;
  readonly testGroups: readonly TestGroup[];
}

/** Why cases with a flag matter. */
export interface Note {
  readonly bugType:
    | 'KNOWN_BUG'
    | 'MISSING_STEP'
    | 'MALLEABILITY'
    | 'DOS'
    | 'EDGE_CASE'
    | 'LEGACY'
    | 'SPEC_AMBIGUITY';
  readonly description: string;
  /** What somebody gains where the check is missing. */
  readonly effect?: string;
  readonly links?: readonly string[];
}

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

export type GroupType = TestGroup['type'];

/** Cases that share a configuration. */
export interface Group<Type extends string, Config, Test> {
  /** Unique within the file. */
  readonly id: string;
  readonly type: Type;
  readonly comment: string;
  readonly config: Config;
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
  readonly comment: string;
  /** Keys of `notes`. */
  readonly flags: readonly string[];
  /** The valid case of the same group from which this one differs in one thing; null when there is none. */
  readonly base: string | null;
  readonly result: Result;
  /** For `acceptable` cases: what the authors of the suite hold to be right. */
  readonly policy?: 'accept' | 'reject';
  /** Why, for every case where the RFCs alone do not decide the verdict or the code. */
  readonly reason?: string;
  /** IDs of `requirements.json`. */
  readonly requirements: readonly string[];
}

export interface RequestTest extends TestCommon {
  readonly request: RequestVector;
  readonly override?: Override<RsConfig>;
  readonly expect: Expect;
}

export interface ChallengeTest extends TestCommon {
  readonly request: RequestVector;
  readonly override?: Override<RsConfig>;
  readonly assertions: readonly ChallengeAssertion[];
}

export interface TokenTest extends TestCommon {
  readonly token: string;
  readonly override?: Override<TokenConfig>;
  readonly expect: Expect;
}

export interface AsTest extends TestCommon {
  readonly state: AsState;
  readonly request: AsRequestVector;
  readonly override?: Override<AsConfig>;
  readonly expect: Expect;
}

/** Requests in a row, to one server whose memory lasts from the first to the last. */
export interface SequenceTest extends TestCommon {
  /** At an authorization server. */
  readonly state?: AsState;
  readonly override?: Override<RsConfig> | Override<AsConfig>;
  readonly steps: readonly SequenceStep[];
}

/** One request, or several at once. */
export interface SequenceStep {
  readonly comment: string;
  /** Seconds; the clock of the group when it is left out. */
  readonly clock?: number;
  /** The nonces from here on. */
  readonly nonce?: NonceConfig;
  /** A step that others stand on: when it does not end as it should, the case is not testable. */
  readonly setup?: boolean;
  readonly requests: readonly (RequestVector | AsRequestVector)[];
  /** How often the requests are sent, all at once. @defaultValue 1 */
  readonly times?: number;
  /** How each answer is judged. */
  readonly result: Result;
  readonly policy?: 'accept' | 'reject';
  /** When exactly so many of all the answers must be acceptances, whichever they are; `result` does not count. */
  readonly accepted?: number;
  readonly expect: Expect;
}

/** Exact bytes on a connection. */
export interface RawTest extends TestCommon {
  /** Each character is one byte (ISO 8859-1). */
  readonly raw: string;
  /** At an authorization server; names in `{{name}}` are filled in within the form, and `Content-Length` holds for what is written here with `{{length}}`. */
  readonly state?: AsState;
  readonly override?: Override<RsConfig> | Override<AsConfig>;
  /** Where the connection comes from. @defaultValue a client that is no proxy */
  readonly peerAddress?: string;
  readonly expect: Expect;
}

/** What a client does, what servers answer, and what must be seen of it. */
export interface SignerTest extends TestCommon {
  readonly scenario: SignerScenario;
  readonly assertions: readonly SignerAssertion[];
}

/** A known answer: the thumbprint of a key (RFC 7638), or the hash of a token (RFC 9449 §4.2). */
export interface ThumbprintTest extends TestCommon {
  readonly input:
    | { readonly operation: 'jkt'; readonly jwk: Jwk }
    | { readonly operation: 'ath'; readonly token: string };
  /** Null where the input must be refused. */
  readonly output: string | null;
}

export type AnyTest = TestGroup['tests'][number];
