import type { Decision, FieldLine, RsConfig } from '@keybound/dpop-vectors';
import type { Refusal } from './fault.ts';
import type { Switches } from './switches.ts';

const STATUS: Readonly<Record<string, number>> = { invalid_request: 400, insufficient_scope: 403 };

export interface Outcome {
  readonly switches: Switches;
  /** Accepted when it is left out. */
  readonly refusal?: Refusal;
  /** The scheme of the request. */
  readonly used?: 'DPoP' | 'Bearer' | undefined;
}

/** The answer of a resource (RFC 6750 §3, RFC 9449 §7.1). */
export function resourceAnswer(config: RsConfig, outcome: Outcome): Decision {
  const { refusal } = outcome;
  if (refusal === undefined) {
    return { decision: 'accept', status: 200, fields: nonceFields(config, outcome), error: null };
  }
  const { code, message: detail } = refusal;
  const status = refusal.status ?? STATUS[code ?? ''] ?? 401;
  const fields = status === 503 ? [NO_STORE] : refusalFields(config, outcome, refusal);
  return { decision: 'reject', status, error: code, fields, detail };
}

const NO_STORE: FieldLine = ['Cache-Control', 'no-store'];

function refusalFields(
  config: RsConfig,
  outcome: Outcome,
  { code }: Refusal,
): readonly FieldLine[] {
  const { used, switches } = outcome;
  const isUsedOffered = used !== undefined && config.schemes.includes(used);
  const challenges = config.schemes
    .filter((scheme) => scheme !== 'DPoP' || !switches.has('challenge-without-dpop'))
    .map((scheme): FieldLine => {
      const concerned =
        !isUsedOffered || used === scheme || switches.has('error-in-all-challenges');
      return ['WWW-Authenticate', challenge(config, scheme, concerned ? code : null, switches)];
    });
  return [...challenges, NO_STORE, ...nonceFields(config, outcome)];
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

function nonceFields(config: RsConfig, { refusal, switches }: Outcome): readonly FieldLine[] {
  if (config.nonce === null || !config.schemes.includes('DPoP') || refusal === undefined) return [];
  if (switches.has('nonce-not-handed-out')) return [];
  const line: FieldLine = ['DPoP-Nonce', config.nonce.current];
  return switches.has('nonce-handed-out-twice') ? [line, line] : [line];
}
