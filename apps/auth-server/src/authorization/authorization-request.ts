/**
 * A valid authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2, RFC 9449 §10). Everything
 * is decided: names are known, defaults are filled in. Kept as JSON while a person decides.
 */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the request named the redirect URI or the only registered one is meant. */
  readonly redirectUriNamed: boolean;
  readonly state?: string;
  readonly scope: readonly string[];
  readonly resources: readonly string[];
  /** Always S256. */
  readonly codeChallenge: string;
  /** The key the code is to be bound to, by `dpop_jkt` or by a proof on the pushed request. */
  readonly dpopJkt?: string;
  /** How long ago the person may have signed in, in seconds. */
  readonly maxAgeSeconds?: number;
  /** `prompt=login`: the person must sign in again. */
  readonly forcesLogin: boolean;
}
