/** The format of the vector files; `schemas/vectors.schema.json` says the same to other languages. */

/** A JSON object whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

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

/** The public part of a JSON Web Key, or what stands in its place. */
export type Jwk = JsonObject;

/** A resource server under test. */
export interface RsConfig {
  readonly server: 'rs';
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly clock: number;
  /** The origin that clients use; target URIs are this and the request target. */
  readonly origin: string;
  /** Other origins under which the same server is reached. */
  readonly furtherOrigins?: readonly string[];
  /** What a proxy in front strips from the path of the target URI. */
  readonly mountPrefix?: string;
  /** Addresses of proxies whose `X-Forwarded-Host` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies?: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  /** The published keys of the issuer. */
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** What introspection answers, by token; a token that is not here and is no JWT is inactive. */
  readonly introspection?: Readonly<Record<string, JsonObject>>;
  /** The schemes the resource takes. */
  readonly schemes: readonly ('DPoP' | 'Bearer')[];
  readonly proofAlgorithms: readonly string[];
  readonly tokenAlgorithms: readonly string[];
  /** How far `iat` of a proof may lie back, the limit included. */
  readonly maxAgeSeconds: number;
  /** How far `iat` of a proof may lie ahead, the limit included. */
  readonly maxFutureSeconds: number;
  /** Nonces are demanded when this is set: `current` is handed out, all of `accepted` are taken. */
  readonly nonce: NonceConfig | null;
  /** `failing` is a store that throws at every question. */
  readonly replay: 'off' | 'track' | 'failing';
  readonly realm: string;
  /** The URL of RFC 9728 metadata that challenges point to. */
  readonly resourceMetadata?: string;
  /** Scope values that the resource demands of a token. */
  readonly requiredScope?: readonly string[];
  readonly preset: 'default' | 'mcp' | 'fapi';
}

/** Nonces as an oracle, so that frozen proofs can carry them. */
export interface NonceConfig {
  readonly current: string;
  readonly accepted: readonly string[];
}

/** A verifier of JWT access tokens alone (RFC 9068). */
export interface TokenConfig {
  readonly server: 'rs';
  readonly clock: number;
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: { readonly keys: readonly Jwk[] };
  readonly tokenAlgorithms: readonly string[];
}

/** An authorization server under test. */
export interface AsConfig {
  readonly server: 'as';
  readonly clock: number;
  readonly issuer: string;
  /** Absolute URIs; requests name an endpoint by its key here. */
  readonly endpoints: Readonly<Record<AsEndpoint, string>>;
  readonly clients: readonly AsClient[];
  /** The resources tokens can be for. */
  readonly resources: readonly string[];
  readonly proofAlgorithms: readonly string[];
  readonly maxAgeSeconds: number;
  readonly maxFutureSeconds: number;
  readonly nonce: NonceConfig | null;
  readonly replay: 'off' | 'track';
  readonly preset: 'default' | 'mcp' | 'fapi';
}

export type AsEndpoint =
  | 'authorization'
  | 'token'
  | 'pushed_authorization_request'
  | 'introspection'
  | 'revocation'
  | 'metadata';

/** A registered client, with the member names of RFC 7591. */
export interface AsClient {
  readonly client_id: string;
  /** For clients that authenticate by `client_secret_basic` or `client_secret_post`. */
  readonly client_secret?: string;
  readonly token_endpoint_auth_method: 'none' | 'client_secret_basic' | 'client_secret_post';
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly scope: string;
  readonly dpop_bound_access_tokens: boolean;
  /** Whether its access tokens are JWTs or opaque. */
  readonly access_token_format?: 'jwt' | 'opaque';
  /** Audiences whose tokens this client, a resource server, may introspect. */
  readonly introspects?: readonly string[];
}

/** A field name and value, as on the wire; the order and the repetition count. */
export type FieldLine = readonly [name: string, value: string];

/** A request as a resource server receives it. */
export interface RequestVector {
  readonly method: string;
  /** The request target: a path and, where there is one, a query. */
  readonly target: string;
  readonly fields: readonly FieldLine[];
  readonly body?: string;
  /** Where the connection comes from. @defaultValue a client that is no proxy */
  readonly peerAddress?: string;
}

/** A request to an authorization server; the runner fills in `{{name}}` before it asks. */
export interface AsRequestVector {
  readonly endpoint: AsEndpoint;
  readonly method: 'GET' | 'POST';
  readonly fields: readonly FieldLine[];
  /** The query of a GET, the urlencoded form of a POST. */
  readonly form: readonly FieldLine[];
  /** At the authorization endpoint: the user logs in and consents when asked, and the answer is the last redirect. */
  readonly userConsents?: boolean;
}

/** What an answer must show, beyond being an acceptance or a refusal. */
export interface Expect {
  /** Tolerated status codes, the preferred one first. */
  readonly status?: readonly number[];
  /** Tolerated error codes, the preferred one first; an empty list: no error code at all. */
  readonly errors?: readonly string[];
  readonly fieldsPresent?: readonly string[];
  readonly fieldsAbsent?: readonly string[];
  /** Fields that occur exactly once. */
  readonly fieldsOnce?: readonly string[];
  /** Members of a JSON body, compared deeply; further members do not matter. */
  readonly body?: JsonObject;
  /** Members that the JSON body must not have. */
  readonly bodyAbsent?: readonly string[];
  /** Claims of the JWT in `access_token`, compared deeply; further claims do not matter. */
  readonly claims?: JsonObject;
}

/** A deviation from the configuration of the group, for one case. */
export type Override<Config> = Partial<Omit<Config, 'server'>>;

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

/** What an answer of a resource server must show in its fields. */
export type ChallengeAssertion =
  | { readonly kind: 'status'; readonly oneOf: readonly number[] }
  /**
   * A challenge of this scheme: `has` maps parameters to exact values, or to null for any; `lacks` lists
   * parameters it must not have.
   */
  | {
      readonly kind: 'challenge';
      readonly scheme: string;
      readonly has?: Readonly<Record<string, string | null>>;
      readonly lacks?: readonly string[];
    }
  | { readonly kind: 'no-challenge'; readonly scheme: string }
  /**
   * Every `WWW-Authenticate` parses by RFC 9110 §11.6.1, names no parameter twice in a challenge and keeps
   * to the characters of RFC 6750 §3.
   */
  | { readonly kind: 'well-formed' }
  | { readonly kind: 'field-once'; readonly name: string }
  | { readonly kind: 'field-absent'; readonly name: string }
  /** One value of the field contains the text, whatever the case. */
  | { readonly kind: 'field-contains'; readonly name: string; readonly text: string }
  /** The text occurs in no field of the answer, neither in a name nor in a value. */
  | { readonly kind: 'nowhere'; readonly text: string };

export interface TokenTest extends TestCommon {
  readonly token: string;
  readonly override?: Override<TokenConfig>;
  readonly expect: Expect;
}

/** What exists at an authorization server when a case begins, by the name requests use in `{{name}}`. */
export interface AsState {
  readonly codes?: Readonly<Record<string, CodeState>>;
  readonly refreshTokens?: Readonly<Record<string, RefreshTokenState>>;
}

/** An authorization code that was given to a client for the user `alice`, and not yet redeemed. */
export interface CodeState {
  readonly client: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly resource?: string;
  /** For S256. */
  readonly codeChallenge: string;
  readonly dpopJkt?: string;
}

/** A refresh token that was given to a client for the user `alice`. */
export interface RefreshTokenState {
  readonly client: string;
  readonly scope: string;
  readonly resource?: string;
  /** The key that was shown when the token was given; null without a proof. */
  readonly jkt: string | null;
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

/** A client under test. */
export interface SignerConfig {
  readonly clock: number;
}

/** What a client does, what servers answer, and what must be seen of it. */
export interface SignerTest extends TestCommon {
  readonly scenario: SignerScenario;
  readonly assertions: readonly SignerAssertion[];
}

export interface SignerScenario {
  /** The key pair to sign with, private members included, and whatever else a careless store keeps. */
  readonly key: Jwk;
  /** The access token to present; null where the client first has to get one, or sends to a token endpoint. */
  readonly accessToken: string | null;
  readonly calls: readonly SignerCall[];
}

/** One thing that a program asks its client for. */
export type SignerCall =
  /** A request to a protected resource. */
  | {
      readonly kind: 'fetch';
      readonly method: string;
      readonly url: string;
      readonly fields?: readonly FieldLine[];
      readonly body?: string;
      /** The body is a stream that can be read once. */
      readonly bodyIsStream?: boolean;
      readonly responses: readonly ScriptedResponse[];
    }
  /** A token request by client credentials at an authorization server. */
  | {
      readonly kind: 'token-request';
      readonly issuer: string;
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly responses: readonly ScriptedResponse[];
    }
  /** The redirect that ends an authorization request (RFC 9207). */
  | {
      readonly kind: 'authorization-response';
      readonly url: string;
      readonly issuer: string;
      /** `authorization_response_iss_parameter_supported` of the metadata. */
      readonly issParameterSupported: boolean;
    }
  /** The `WWW-Authenticate` fields of an answer, to be parsed. */
  | { readonly kind: 'parse-challenges'; readonly values: readonly string[] };

/** What the network answers, one after the other; after the last one every further request fails the case. */
export interface ScriptedResponse {
  readonly status: number;
  readonly fields: readonly FieldLine[];
  readonly body?: string;
}

/**
 * What must hold of the emitted requests and of what the program got. A path names a value of a request:
 * `method`, `url`, `body`, `fields.<name in lower case>`, `proof.header.<member>…`, `proof.payload.<member>…`.
 */
export type SignerAssertion =
  /** So many requests went out in the whole scenario: exactly, or at the most. */
  | { readonly kind: 'request-count'; readonly count: number }
  | { readonly kind: 'request-count'; readonly atMost: number }
  | {
      readonly kind: 'equals';
      readonly request: number;
      readonly path: string;
      readonly value: unknown;
    }
  | { readonly kind: 'absent'; readonly request: number; readonly path: string }
  | {
      readonly kind: 'matches';
      readonly request: number;
      readonly path: string;
      readonly pattern: string;
    }
  /** The object at the path has exactly these members. */
  | {
      readonly kind: 'members';
      readonly request: number;
      readonly path: string;
      readonly names: readonly string[];
    }
  /** The values of all requests differ. */
  | { readonly kind: 'distinct'; readonly path: string }
  /** The proof of the request is one that a server must take: one field, good signature by the embedded key. */
  | { readonly kind: 'good-proof'; readonly request: number }
  /** `htm` equals the method that went out, or the call has failed and nothing went out. */
  | { readonly kind: 'htm-as-sent-or-error'; readonly call: number }
  | {
      readonly kind: 'outcome';
      readonly call: number;
      readonly is: 'response' | 'error';
      readonly status?: number;
    }
  /** The text is not in what the program got to see of the error. */
  | { readonly kind: 'error-hides'; readonly call: number; readonly text: string }
  /** Of `parse-challenges`: exactly these, in this order; scheme names compare without case. */
  | {
      readonly kind: 'challenges';
      readonly call: number;
      readonly are: readonly { readonly scheme: string; readonly parameters: JsonObject }[];
    };

export interface ThumbprintConfig {
  readonly hash: 'SHA-256';
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
