/**
 * Whether an SPDX licence expression can be met with some licences: one of those joined by `OR`, all of
 * those joined by `AND`. Anything else is not understood and not allowed: `WITH`, both words in one
 * expression, a guess that the reader of the packages marks with `*`.
 */
export function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const any = plain.split(' OR ');
  const all = plain.split(' AND ');
  if (any.length > 1 && all.length > 1) return false;
  if (all.length > 1) return all.every((licence) => allowed.includes(licence));
  return any.some((licence) => allowed.includes(licence));
}
