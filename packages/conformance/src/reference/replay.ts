import { createHash } from 'node:crypto';
import { demand, Refusal } from './fault.ts';
import { textOf } from './json.ts';
import type { ReadProof } from './proof.ts';
import type { Switches } from './switches.ts';

/** Remembers proofs for as long as they could be accepted again (RFC 9449 §11.1). */
export interface ReplayMemory {
  /** Takes note of a proof, unless that was done before. */
  use(proof: ReadProof, window: Window): void | Promise<void>;
}

export interface Window {
  readonly clock: number;
  readonly maxAgeSeconds: number;
}

export function createReplayMemory(
  mode: 'off' | 'track' | 'failing',
  switches: Switches,
): ReplayMemory {
  const endOf = new Map<string, number>();
  const plainObject: Record<string, boolean> = {};

  function isKnown(name: string, clock: number): boolean {
    if (switches.has('replay-kept-in-plain-object') && plainObject[name]) return true;
    const end = endOf.get(name);
    return end !== undefined && clock <= end;
  }

  function remember(name: string, proof: ReadProof, { clock, maxAgeSeconds }: Window): void {
    const from = switches.has('replay-forgotten-too-soon') ? clock : Number(proof.claims.iat);
    endOf.set(name, from + maxAgeSeconds);
  }

  return {
    use(proof, window) {
      if (mode === 'off' || switches.has('replay-unchecked')) return;
      if (mode === 'failing') {
        if (switches.has('replay-outage-accepted')) return;
        throw new Refusal(null, 'the memory is out of reach', 503);
      }
      const name = nameOf(proof, switches);
      demand(!isKnown(name, window.clock), 'a proof that was used');
      if (!switches.has('replay-check-apart-from-note')) return remember(name, proof, window);
      return Promise.resolve().then(() => remember(name, proof, window));
    },
  };
}

function nameOf({ jkt, claims, text }: ReadProof, switches: Switches): string {
  const jti = textOf(claims.jti);
  if (switches.has('replay-known-by-text')) return text;
  if (switches.has('replay-known-by-signature')) return text.split('.')[2] ?? '';
  if (switches.has('replay-jti-truncated')) return `${jkt} ${jti.slice(0, 64)}`;
  if (switches.has('replay-jti-case-folded')) return `${jkt} ${jti.toLowerCase()}`;
  if (switches.has('replay-jti-normalized')) return `${jkt} ${jti.normalize('NFKC')}`;
  if (switches.has('replay-jti-ends-at-nul')) return `${jkt} ${jti.split('\0')[0]}`;
  if (switches.has('replay-jti-trimmed')) return `${jkt} ${jti.trim()}`;
  if (switches.has('replay-kept-in-plain-object')) return jti;
  return `${jkt} ${createHash('sha256').update(jti).digest('base64url')}`;
}
