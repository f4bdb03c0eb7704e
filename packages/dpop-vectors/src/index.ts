/**
 * Test vectors for DPoP (RFC 9449), and a runner that puts them to software.
 *
 * @packageDocumentation
 */
export type * from './format.ts';
export {
  loadKeys,
  loadRequirements,
  loadVectors,
  type PublishedKey,
  type Requirement,
} from './load.ts';
export type { RawResponse } from './parse-response.ts';
export { type ProcessOptions, startProcessAdapter } from './process-adapter.ts';
export type * from './questions.ts';
export { type Exchange, exchange } from './raw.ts';
export { jsonReport } from './report/json.ts';
export { junitReport } from './report/junit.ts';
export { textReport } from './report/text.ts';
export type { CaseResult, Counts, Report } from './report.ts';
export { type Case, type RunOptions, runVectors } from './run.ts';
export { type Selection, selectCases, selectFiles } from './select.ts';
export type { Verdict } from './verdict.ts';
