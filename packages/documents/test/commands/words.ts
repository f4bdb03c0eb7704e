/** A line of shell as its words, without a comment at its end. Quotes keep words together. */
export function wordsOf(line: string): readonly string[] {
  const words = line.matchAll(/(?:^|\s+)(#.*$|(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"'])+)/g);
  const found: string[] = [];
  for (const [, word = ''] of words) {
    if (word.startsWith('#')) break;
    found.push(word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  }
  return found;
}
