import type {
  AsConfig,
  AsRequestVector,
  AsState,
  FieldLine,
  GroupType,
  JsonObject,
  RequestVector,
  RsConfig,
  SignerScenario,
  ThumbprintTest,
  TokenConfig,
} from './format.ts';

/**
 * What the runner asks the software under test, one answer each. On the JSON-lines protocol these are the
 * lines, as they stand here.
 */
export type Question =
  /** Decide about a request to a protected resource. */
  | (Asked<'rs-request'> & { readonly config: RsConfig; readonly request: RequestVector })
  /** Make ready an authorization server with this configuration and state; answer with `values`. */
  | (Asked<'as-setup'> & { readonly config: AsConfig; readonly state: AsState })
  /** Answer a request to the authorization server of this session. */
  | (Asked<'as-request'> & { readonly config: AsConfig; readonly request: AsRequestVector })
  /** Send bytes to a running server, and tell what it answers. */
  | (Asked<'raw-request'> & {
      readonly config: RsConfig | AsConfig;
      /** Each character is one byte (ISO 8859-1). */
      readonly raw: string;
      readonly peerAddress?: string;
    })
  /** Decide about an access token. */
  | (Asked<'token'> & { readonly config: TokenConfig; readonly token: string })
  /** Act as a client with scripted servers; answer with `requests` and `outcomes`. */
  | (Asked<'signer'> & { readonly scenario: SignerScenario })
  /** Compute a hash; answer with `output`, or reject the input. */
  | (Asked<'thumbprint'> & { readonly input: ThumbprintTest['input'] });

/** What can be asked; software may cover some of it. */
export type QuestionKind = Question['kind'];

/** What every question has. */
interface Asked<Kind extends string> {
  /** What is asked. */
  readonly kind: Kind;
  /** Unique in a run. */
  readonly id: string;
  /**
   * Questions of one session belong to one server with one memory of proofs, codes and tokens; several of
   * them may be asked before the first is answered.
   */
  readonly session: string;
  /** The group the question comes from, for software that covers only some. */
  readonly type: GroupType;
  /** Seconds since 1970-01-01T00:00:00Z: what time it is for this question. */
  readonly clock: number;
}

/** What the software under test says. */
export type Answer = Decision | Skip | SetUp | Computed | ClientActivity;

/** Accepted or refused; what is left out is not compared. */
export interface Decision {
  /** Whether the request, the token or the input is let pass. */
  readonly decision: 'accept' | 'reject';
  /** The error code; null: none was given. */
  readonly error?: string | null;
  /** The status code of the answer. */
  readonly status?: number;
  /** All fields of the answer. */
  readonly fields?: readonly FieldLine[];
  /** The JSON body. */
  readonly body?: JsonObject;
  /** A word of the software on why, for the report. */
  readonly detail?: string;
}

/** Out of the software's scope, for a reason that stands in the report. */
export interface Skip {
  /** The reason, a sentence for the report. */
  readonly skip: string;
}

/** An authorization server is ready; the values stand for the names in `AsState`. */
export interface SetUp {
  /** The real code or refresh token for each name. */
  readonly values: Readonly<Record<string, string>>;
}

/** The output that was asked for. */
export interface Computed {
  /** A thumbprint or a hash in base64url. */
  readonly output: string;
}

/** What a client did in a scenario. */
export interface ClientActivity {
  /** What went out, in the order in which it did. */
  readonly requests: readonly EmittedRequest[];
  /** One per call. */
  readonly outcomes: readonly CallOutcome[];
}

/** A request that a client sent. */
export interface EmittedRequest {
  /** The method, exactly as sent. */
  readonly method: string;
  /** The absolute URL the request went to. */
  readonly url: string;
  /** The field lines as sent, in their order. */
  readonly fields: readonly FieldLine[];
  /** The content that was sent; left out, there was none. */
  readonly body?: string;
}

/** What the program got for one call: a response, or an error. */
export type CallOutcome =
  | {
      readonly is: 'response';
      readonly status?: number;
      readonly challenges?: readonly ParsedChallenge[];
    }
  /** `shown` is all the program gets to see of the error. */
  | { readonly is: 'error'; readonly shown: string };

/** One challenge of a `WWW-Authenticate` field, as the client reads it. */
export interface ParsedChallenge {
  /** The scheme; compared without case. */
  readonly scheme: string;
  /** The parameters, names compared without case, quoted values without their escapes. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Software under test. The default export of a module for `dpop-vectors run --adapter`. */
export interface Adapter {
  /** The name of the software, for the report. */
  readonly name: string;
  /** The version of the software, for the report. */
  readonly version?: string;
  /** Answers one question. What it throws fails the case, not the run. */
  answer(question: Question): Answer | Promise<Answer>;
  /** Nothing more is asked in this session. */
  end?(session: string): void | Promise<void>;
  /** The run is over. */
  close?(): void | Promise<void>;
}
