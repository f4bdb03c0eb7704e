/** What is worth knowing afterwards. Members are identifiers and reasons, never secrets. */
export type AuditEvent =
  | {
      readonly event: 'token_issued' | 'token_refreshed';
      readonly clientId: string;
      readonly subject: string;
      readonly grantId?: string | undefined;
      readonly audience: string;
      readonly scope: readonly string[];
      readonly jti: string;
      /** The key the token is bound to. */
      readonly jkt?: string | undefined;
    }
  | {
      readonly event: 'code_reuse_detected' | 'refresh_reuse_detected';
      readonly clientId: string;
      readonly grantId: string;
    }
  | {
      readonly event: 'token_revoked';
      readonly clientId: string;
      readonly grantId?: string | undefined;
      readonly jti?: string | undefined;
    }
  | {
      readonly event: 'proof_refused';
      /** Where it was sent. */
      readonly path: string;
      readonly reason: string;
    }
  | { readonly event: 'request_refused'; readonly path: string; readonly error: string }
  | { readonly event: 'login_succeeded'; readonly subject: string }
  /** Without the name that was typed: people type passwords there. */
  | { readonly event: 'login_failed' | 'login_limited'; readonly address: string }
  | {
      readonly event: 'consent_given' | 'consent_denied';
      readonly clientId: string;
      readonly subject: string;
      readonly grantId?: string | undefined;
      readonly scope: readonly string[];
      readonly resources: readonly string[];
    }
  | { readonly event: 'client_registered'; readonly clientId: string }
  | { readonly event: 'key_rotated'; readonly kid: string; readonly algorithm: string };

/** Takes events; must not throw. */
export type Audit = (event: AuditEvent) => void;
