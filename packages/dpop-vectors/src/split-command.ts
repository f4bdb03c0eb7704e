/**
 * Splits a command line at blanks; what stands in quotes stays together. There is no shell: nothing else
 * has a meaning.
 */
export function splitCommand(line: string): readonly [command: string, ...args: string[]] {
  const words = [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
  const [command, ...args] = words;
  if (command === undefined) throw new Error('The command is empty.');
  return [command, ...args];
}
