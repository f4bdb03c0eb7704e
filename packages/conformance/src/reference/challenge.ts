import type { Decision, FieldLine, RsConfig } from '@keybound/dpop-vectors';
import type { Refusal } from './fault.ts';
import type { Switches } from './switches.ts';

const STATUS: Readonly<Record<string, number>> = { invalid_request: 400, insufficient_scope: 403 };

const NO_STORE: FieldLine = ['Cache-Control', 'no-store'];

/** The answer to a good request; a nonce that grows old is replaced with it (RFC 9449 §8.2). */
export function grantedAnswer(config: RsConfig, nonce: unknown, switches: Switches): Decision {
  const isOld = nonce !== undefined && nonce !== config.nonce?.current;
  const fresh = isOld ? nonceFields(config, switches) : [];
  const fields = fresh.length > 0 ? [...fresh, NO_STORE] : [];
  return { decision: 'accept', status: 200, error: null, fields };
}

/**
 * The answer to a refused request (RFC 6750 §3, RFC 9449 §7.1).
 *
 * @param used - The scheme of the request, where it could be read.
 */
export function refusedAnswer(
  config: RsConfig,
  { code, status = STATUS[code ?? ''] ?? 401, message: detail }: Refusal,
  used: 'DPoP' | 'Bearer' | undefined,
  switches: Switches,
): Decision {
  const isUsedOffered = used !== undefined && config.schemes.includes(used);
  const challenges = config.schemes
    .filter((scheme) => scheme !== 'DPoP' || !switches.has('challenge-without-dpop'))
    .map((scheme): FieldLine => {
      const isConcerned =
        !isUsedOffered || used === scheme || switches.has('error-in-all-challenges');
      return ['WWW-Authenticate', challenge(config, scheme, isConcerned ? code : null, switches)];
    });
  const fields = [...challenges, NO_STORE, ...nonceFields(config, switches)];
  return {
    decision: 'reject',
    status,
    error: code,
    detail,
    fields: status === 503 ? [NO_STORE] : fields,
  };
}

function challenge(
  config: RsConfig,
  scheme: 'DPoP' | 'Bearer',
  code: string | null,
  switches: Switches,
): string {
  const { realm, resourceMetadata, requiredScope = [], proofAlgorithms } = config;
  const parameters: [string, string][] = [['realm', realm]];
  if (resourceMetadata !== undefined && !switches.has('challenge-without-metadata')) {
    parameters.push(['resource_metadata', resourceMetadata]);
  }
  if (scheme === 'DPoP' && !switches.has('challenge-without-algs')) {
    parameters.push(['algs', proofAlgorithms.join(' ')]);
  }
  if (code !== null) parameters.push(['error', code]);
  if (requiredScope.length > 0 && code !== 'invalid_request') {
    parameters.push(['scope', requiredScope.join(' ')]);
  }
  return `${scheme} ${parameters.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

function nonceFields({ nonce, schemes }: RsConfig, switches: Switches): readonly FieldLine[] {
  const isAsked = nonce !== null && schemes.includes('DPoP');
  if (!isAsked || switches.has('nonce-not-handed-out')) return [];
  const line: FieldLine = ['DPoP-Nonce', nonce.current];
  return switches.has('nonce-handed-out-twice') ? [line, line] : [line];
}
