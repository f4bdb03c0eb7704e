/** What a program tells of its tests, as JSON. */
export interface SuiteReport {
  readonly passed: number;
  /** All that did not pass. */
  readonly others: readonly Shortfall[];
  /** Test files that could not be read, or have no tests; each is a failure. */
  readonly broken: readonly Shortfall[];
}

/** A test that did not pass, or a file that could not be read. */
export interface Shortfall {
  /** Path of the file, titles of the groups, title of the test. */
  readonly title: string;
  readonly messages: readonly string[];
}

/** Marks the line of a program's output that holds the report. */
export const REPORT_MARK = 'KEYBOUND-RUNTIMES ';

/** Begins the message of an error for what an engine has no equivalent of. */
export const LEFT_OUT = 'LEFT OUT: ';
