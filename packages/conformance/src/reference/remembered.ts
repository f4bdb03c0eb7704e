/**
 * Results of computations that depend on nothing but what is in their name. The same vectors are put to the
 * reference again and again, once per switch, and nearly all of the time would go into verifying the same
 * signatures with the same keys. What a switch changes happens outside, or is part of the name.
 */
const RESULTS = new Map<string, unknown>();

export function remembered<T>(name: string, compute: () => T): T {
  if (!RESULTS.has(name)) RESULTS.set(name, compute());
  return RESULTS.get(name) as T;
}
