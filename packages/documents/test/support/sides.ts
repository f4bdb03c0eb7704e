/** The two states a diff leads from and to. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/**
 * The sides of a diff that shows its files whole.
 *
 * @throws Error when a line begins with none of `+`, `-` and a blank, or nothing differs.
 */
export function sidesOf(diff: string): Sides {
  const before: string[] = [];
  const after: string[] = [];
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const text = line.slice(1);
    if (line !== '' && !/^[ +-]/.test(line)) {
      throw new Error(`a line of a diff begins with +, - or a blank, not as in: ${line}`);
    }
    if (!line.startsWith('+')) before.push(text);
    if (!line.startsWith('-')) after.push(text);
  }
  if (before.join() === after.join()) throw new Error('a diff without a difference');
  return { before: `${before.join('\n')}\n`, after: `${after.join('\n')}\n` };
}
