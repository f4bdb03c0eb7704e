import type { AsEndpoint, JsonObject } from './configurations.ts';

/** A field name and value, as on the wire; the order and the repetition count. */
export type FieldLine = readonly [name: string, value: string];

/** A request as a resource server receives it. */
export interface RequestVector {
  /** The method, exactly as sent. */
  readonly method: string;
  /** The request target: a path and, where there is one, a query. */
  readonly target: string;
  /** The field lines, in the order they are sent. */
  readonly fields: readonly FieldLine[];
  /** The content of the request; left out, there is none. */
  readonly body?: string;
  /** Where the connection comes from. @defaultValue a client that is no proxy */
  readonly peerAddress?: string;
}

/** A request to an authorization server; the runner fills in `{{name}}` before it asks. */
export interface AsRequestVector {
  /** Where the request goes. */
  readonly endpoint: AsEndpoint;
  /** The method, exactly as sent. */
  readonly method: 'GET' | 'POST';
  /** The field lines, in the order they are sent. */
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
  /** Names of fields that the answer must have. */
  readonly fieldsPresent?: readonly string[];
  /** Names of fields that the answer must not have. */
  readonly fieldsAbsent?: readonly string[];
  /** Fields that occur exactly once. */
  readonly fieldsOnce?: readonly string[];
  /** Members of a JSON body, compared deeply; further members do not matter. */
  readonly body?: JsonObject;
  /** Members that the JSON body must not have. */
  readonly bodyAbsent?: readonly string[];
  /** Claims of the JWT in `access_token`, compared deeply; further claims do not matter. */
  readonly claims?: JsonObject;
  /** Members of the header of that JWT, likewise. */
  readonly tokenHeader?: JsonObject;
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
   * Every `WWW-Authenticate` parses by RFC 9110 §11.6.1, names no parameter twice in a challenge, keeps to
   * the characters of RFC 6750 §3 and leaves no Bearer challenge without a parameter.
   */
  | { readonly kind: 'well-formed' }
  | { readonly kind: 'field-once'; readonly name: string }
  | { readonly kind: 'field-absent'; readonly name: string }
  /** One value of the field contains the text, whatever the case. */
  | { readonly kind: 'field-contains'; readonly name: string; readonly text: string }
  /** The text occurs in no field of the answer, neither in a name nor in a value. */
  | { readonly kind: 'nowhere'; readonly text: string };

/** What exists at an authorization server when a case begins, by the name requests use in `{{name}}`. */
export interface AsState {
  /** Authorization codes, by name. */
  readonly codes?: Readonly<Record<string, CodeState>>;
  /** Refresh tokens, by name. */
  readonly refreshTokens?: Readonly<Record<string, RefreshTokenState>>;
}

/** An authorization code that was given to a client for the user `alice`, and not yet redeemed. */
export interface CodeState {
  /** The `client_id` of the client the code was given to. */
  readonly client: string;
  /** The redirect URI of the authorization request. */
  readonly redirectUri: string;
  /** The scope that was granted, with blanks between the values. */
  readonly scope: string;
  /** The resource that was asked for (RFC 8707); left out, none was. */
  readonly resource?: string;
  /** For S256. */
  readonly codeChallenge: string;
  /** The `dpop_jkt` of the authorization request (RFC 9449 §10); left out, it had none. */
  readonly dpopJkt?: string;
}

/** A refresh token that was given to a client for the user `alice`. */
export interface RefreshTokenState {
  /** The `client_id` of the client the token was given to. */
  readonly client: string;
  /** The scope that was granted, with blanks between the values. */
  readonly scope: string;
  /** The resource that was asked for (RFC 8707); left out, none was. */
  readonly resource?: string;
  /** The key that was shown when the token was given; null without a proof. */
  readonly jkt: string | null;
}
