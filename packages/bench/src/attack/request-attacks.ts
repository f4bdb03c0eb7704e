import { createTrustedProxies } from '@keybound/fastify';
import { KEYS, mintProof, RESOURCE } from '@keybound/test-kit';
import type { Attack, WrittenRequest } from './attack.ts';
import { copied, type Parts, tokenOf, written } from './craft.ts';
import { PEER_ADDRESS, type PlaceOptions } from './scene.ts';

/** What is left of the 16 KiB that Node takes for request line and fields beside what honest clients send. */
const FREE_CHARS = 15_000;
/** The same beside a good token and a good proof. */
const FREE_BESIDE_PROOF = 13_500;
// The limits of packages/dpop/src/target-uri.ts and forwarded.ts.
const TARGET_CHARS = 2048;
const FORWARDED_CHARS = 4096;
/** Field lines from which on a request is refused, and those of a good request without its proof. */
const REFUSED_LINES = 1000;
const GOOD_LINES = 4;

/** Two origins, between which proxies choose by `Forwarded`. */
export const BEHIND_PROXIES: PlaceOptions['target'] = {
  furtherOrigins: ['https://other.example'],
  proxies: { trusts: createTrustedProxies([PEER_ADDRESS, '10.0.0.0/8']), fields: 'forwarded' },
};

const byNode = "16 KiB of Node's maxHeaderSize";

function emptyLines(count: number): string[] {
  return Array.from({ length: count }, () => ['a', '']).flat();
}

function ofNobody(name: string, outcome: Attack['outcome'], boundBy: string, parts: Parts): Attack {
  const write = (): WrittenRequest => written({ token: tokenOf(KEYS.alice), ...parts });
  return { name, needs: 'nothing', outcome, boundBy, write };
}

function ofTarget(name: string, target: string, outcome: Attack['outcome']): Attack {
  const write = (): WrittenRequest => copied({}, { target });
  return { name, needs: 'seen request', outcome, boundBy: '2048 characters of a target', write };
}

/** A path as long as one may be, filled by repeating a text. */
function filledTarget(text: string, less = 0): string {
  return `/${text.repeat((TARGET_CHARS - 1 - less) / text.length)}`;
}

function ofForwarded(name: string, chars: number, outcome: Attack['outcome']): Attack {
  return {
    name,
    needs: 'seen request',
    outcome,
    boundBy: '4096 characters of Forwarded',
    place: 'proxies',
    write: () => copied({}, { furtherHeaders: ['Forwarded', forwardedChain(chars)] }),
  };
}

/** A chain of hops that are all trusted, as a client can write it in front of what the proxy appends. */
function forwardedChain(chars: number): string {
  const hop = 'for=10.0.0.1';
  const last = `host=${new URL(RESOURCE).host}`;
  return `${last},${`${hop},`.repeat((chars - last.length) / (hop.length + 1) - 1)}${hop}`;
}

/** What can be made of request line and fields. */
export const REQUEST_ATTACKS: readonly Attack[] = [
  ofNobody('no proof', 'proof_missing', 'nothing is verified', {}),
  ofNobody('two proofs', 'proof_repeated', 'nothing is verified', {
    proof: mintProof(),
    furtherHeaders: ['DPoP', 'x'],
  }),
  ofNobody('Authorization of 15 000: one token', 'proof_missing', byNode, {
    authorization: `DPoP ${'a'.repeat(FREE_CHARS)}`,
  }),
  ofNobody('Authorization of 15 000: blanks', 'credentials_malformed', byNode, {
    authorization: `DPoP ${' '.repeat(FREE_CHARS)}a b`,
  }),
  ofNobody('Authorization of 15 000: for a pattern to go back', 'credentials_malformed', byNode, {
    authorization: `DPoP a${'='.repeat(FREE_CHARS)}!`,
  }),
  ofNobody('Host of 15 000', 'proof_missing', byNode, { host: 'a'.repeat(FREE_CHARS) }),
  ofNobody('query of 15 000: one value', 'proof_missing', byNode, {
    target: `/r?${'a'.repeat(FREE_CHARS)}`,
  }),
  ofNobody('query of 15 000: many values', 'proof_missing', byNode, {
    target: `/r?${'a&'.repeat(FREE_CHARS / 2)}`,
  }),
  ofNobody('query of 15 000: percent-encoding', 'proof_missing', byNode, {
    target: `/r?${'%61&'.repeat(FREE_CHARS / 4)}`,
  }),
  ofNobody('as many field lines as are refused', 'fields_too_many', '1000 field lines', {
    furtherHeaders: emptyLines(REFUSED_LINES - GOOD_LINES),
  }),
  ofNobody('999 field lines', 'proof_missing', '1000 field lines', {
    furtherHeaders: emptyLines(REFUSED_LINES - GOOD_LINES - 1),
  }),
  {
    name: '999 field lines, wrong htu',
    needs: 'seen request',
    outcome: 'htu_mismatch',
    boundBy: '1000 field lines',
    write: () =>
      copied(
        { claims: { htu: `${RESOURCE}/other` } },
        { furtherHeaders: emptyLines(REFUSED_LINES - GOOD_LINES - 2) },
      ),
  },
  ofForwarded('Forwarded of 4096: trusted hops', FORWARDED_CHARS, 'proof_signature_invalid'),
  ofForwarded('Forwarded of 13 500: trusted hops', FREE_BESIDE_PROOF, 'target_invalid'),
  ofTarget('target of 2048: octets to encode', filledTarget('|'), 'htu_mismatch'),
  ofTarget('target of 2048: percent-encoding', filledTarget('%61'), 'htu_mismatch'),
  ofTarget('target of 2048: slashes', filledTarget('/'), 'htu_mismatch'),
  ofTarget('target of 2048: dots', `${filledTarget('.../', 2)}..`, 'target_invalid'),
  ofTarget('target of 13 500', `/${'%61'.repeat(FREE_BESIDE_PROOF / 3)}`, 'target_invalid'),
];
