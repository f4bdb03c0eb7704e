/** The part of the deployment that could not answer. */
export type UnavailableComponent =
  | 'issuer_metadata'
  | 'issuer_keys'
  | 'introspection'
  | 'replay_store';

const BRAND = 'keybound.UnavailableError';

/** How an outage is described. */
export interface UnavailableErrorOptions {
  /** What was caught when the part failed, if anything. */
  readonly cause?: unknown;
  /**
   * Seconds after which a client may try again; sent as `Retry-After`, which counts whole ones.
   * @defaultValue 5
   */
  readonly retryAfterSeconds?: number;
}

/**
 * Something the verifier depends on failed: a key set, an introspection endpoint, a replay store. The
 * request is denied with 503, never with 401, because nothing is known about the token.
 */
export class UnavailableError extends Error {
  /** Always `'UnavailableError'`; {@link isUnavailableError} does not go by it. */
  override readonly name: string = 'UnavailableError';
  /** Tells this class from another library's of the same name, across installed copies. */
  readonly brand: 'keybound.UnavailableError' = BRAND;
  /** The part that could not answer. */
  readonly component: UnavailableComponent;
  /** Seconds after which a client may try again, rounded up to whole ones. */
  readonly retryAfterSeconds: number;

  constructor(
    component: UnavailableComponent,
    message: string,
    options: UnavailableErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.component = component;
    this.retryAfterSeconds = Math.ceil(options.retryAfterSeconds ?? 5);
  }
}

/** Whether a caught value is an {@link UnavailableError} of any installed copy of this package. */
export function isUnavailableError(value: unknown): value is UnavailableError {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === BRAND;
}
