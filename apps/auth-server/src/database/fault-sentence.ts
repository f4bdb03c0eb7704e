/**
 * What an operator needs to know of a fault, in one line: a failed query repeats its statement and its
 * parameters, the error behind it says what is wrong.
 */
export function faultSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return faultSentence(error.cause);
  if (error instanceof AggregateError) return faultSentence(error.errors[0]);
  const { code } = error as NodeJS.ErrnoException;
  return (error.message || code || error.name).replaceAll(/\s*\n\s*/g, ' ');
}
