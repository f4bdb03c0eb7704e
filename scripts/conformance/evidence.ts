import {
  type Requirement,
  readRequirements,
  readStandings,
  readVectorCases,
  type Standing,
  type VectorCase,
} from './catalogue.ts';
import { type Citations, readCitations } from './citations.ts';

/** Everything the page is made of. */
export interface Evidence {
  readonly requirements: readonly Requirement[];
  readonly standings: Readonly<Record<string, Standing>>;
  readonly cases: readonly VectorCase[];
  readonly citations: Citations;
}

/** What the repository holds. */
export function readEvidence(root: string): Evidence {
  return {
    requirements: readRequirements(),
    standings: readStandings(),
    cases: readVectorCases(),
    citations: readCitations(root),
  };
}
