import { KEYS, mintProof, NOW, RESOURCE } from '@keybound/test-kit';
import type { Attack, WrittenRequest } from './attack.ts';
import { copied, presented, tokenOf, written } from './craft.ts';

// Of packages/dpop/src/proof-claims.ts.
const HTU_CHARS = 2048;
const JTI_CHARS = 256;

/** A URI of this server as long as `htu` may be, filled by repeating a text. */
function longUri(text: string, origin: string = `${RESOURCE}/`): string {
  return origin + text.repeat((HTU_CHARS - origin.length) / text.length);
}

/**
 * For a pattern that looks for authority, path, query and fragment in turn and fails at the last character: what
 * it can have taken for one of them it can have taken for the next as well.
 */
function uriToBacktrack(): string {
  const start = 'https://';
  const third = Math.floor((HTU_CHARS - start.length - 2) / 3);
  return `${start}${'a'.repeat(2 * third)}#${'b'.repeat(third)}\n`;
}

const byOrder = 'claims are compared before the signature';
const byHtu = '2048 characters of htu';

function ofClaims(
  name: string,
  outcome: Attack['outcome'],
  boundBy: string,
  claims: Record<string, unknown>,
): Attack {
  const write = (): WrittenRequest => copied({ claims });
  return { name, needs: 'seen request', outcome, boundBy, write };
}

function createReplay(): () => WrittenRequest {
  const replayed = presented();
  return () => replayed;
}

/** What can be made of the claims of a proof. */
export const CLAIM_ATTACKS: readonly Attack[] = [
  {
    name: 'proof of another key',
    needs: 'seen request',
    outcome: 'key_mismatch',
    boundBy: 'the thumbprint is compared before the signature',
    write: () => {
      const token = tokenOf(KEYS.alice);
      return written({ token, proof: mintProof({ key: KEYS.mallory, token }) });
    },
  },
  ofClaims('wrong htm', 'htm_mismatch', byOrder, { htm: 'POST' }),
  ofClaims('wrong ath', 'ath_mismatch', byOrder, { ath: 'x'.repeat(43) }),
  ofClaims('wrong htu', 'htu_mismatch', byOrder, { htu: `${RESOURCE}/other` }),
  ofClaims('old proof', 'proof_expired', byOrder, { iat: NOW - 600 }),
  {
    name: 'the same proof again and again',
    needs: 'seen request',
    outcome: 'proof_replayed',
    boundBy: 'one signature',
    isRepeated: true,
    write: createReplay(),
  },
  ofClaims('htu of 2048: dot segments', 'htu_mismatch', byHtu, { htu: longUri('a/../') }),
  ofClaims('htu of 2048: slashes', 'htu_mismatch', byHtu, { htu: longUri('/') }),
  ofClaims('htu of 2048: percent-encoding', 'htu_mismatch', byHtu, { htu: longUri('%41') }),
  ofClaims('htu of 2048: for a pattern to go back', 'htu_malformed', byHtu, {
    htu: uriToBacktrack(),
  }),
  ofClaims('jti that is too long', 'proof_claims_invalid', '256 characters of jti', {
    jti: 'x'.repeat(JTI_CHARS + 1),
  }),
];
