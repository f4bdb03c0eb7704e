/** How a command ends: what it prints, on standard output when all is well, and its exit code. */
export interface CommandResult {
  readonly exitCode: number;
  readonly message: string;
}
