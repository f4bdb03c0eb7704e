import type { SignatureAlgorithm } from '@keybound/core';
import type { WindowOptions } from './window.ts';

/** What a family of specifications asks of proofs. */
export interface Preset extends WindowOptions {
  /** The algorithms a proof may be signed with, in the order told to clients. */
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** `default` for most APIs, `mcp` for SEP-1932, `fapi` for the FAPI 2.0 Security Profile §5.4. */
export type PresetName = 'default' | 'mcp' | 'fapi';

/**
 * The presets. `mcp` accepts `iat` five minutes either way; `fapi` accepts only the algorithms of its
 * list and a minute either way.
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  default: {
    maxAgeSeconds: 60,
    maxFutureSeconds: 30,
    algorithms: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
  },
  mcp: {
    maxAgeSeconds: 300,
    maxFutureSeconds: 300,
    algorithms: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
  },
  fapi: {
    maxAgeSeconds: 60,
    maxFutureSeconds: 60,
    algorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
  },
};
