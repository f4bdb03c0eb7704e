import { globSync } from 'node:fs';
import { ROOT, readText } from '../support/pages.ts';
import { API, ISSUER } from '../world/world.ts';
import { argumentFault } from './programs.ts';
import { wordsOf } from './words.ts';
import { findBin, findScript, isPackage } from './workspaces.ts';

/** Says what is wrong with the words behind a command; undefined when nothing is. */
type Check = (words: readonly string[], page: string) => string | undefined;

/** Every command that a document may have, and what is checked of it. */
const COMMANDS: Readonly<Record<string, Check>> = {
  npm,
  npx,
  node,
  export: variables,
  curl,
  mkdir: folder,
  cd: folder,
};

/**
 * What is wrong with a line of shell in a document; undefined when nothing is. Lines are not executed:
 * what they name must exist, and the programs' own parsers must take their arguments.
 *
 * @param page - the text of the document
 */
export function commandFault(line: string, page: string): string | undefined {
  for (const part of line.split(' && ')) {
    const [command = '', ...words] = wordsOf(part);
    if (command === '') continue;
    const check = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    const fault = check ? check(words, page) : `${command} is none of the commands of documents`;
    if (fault !== undefined) return `${part.trim()} → ${fault}`;
  }
  return undefined;
}

function npm(words: readonly string[]): string | undefined {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const passedOn = dashes < 0 ? [] : words.slice(dashes + 1);
  const { names, workspace, fault } = npmWords(own);
  if (fault !== undefined) return fault;
  const [verb = '', ...rest] = names;
  switch (verb) {
    case 'ci':
      return rest.length === 0 ? undefined : 'npm ci takes nothing more';
    case 'init':
      return undefined;
    case 'install':
      return rest.flatMap((name) => (isPackage(name) ? [] : `${name} is no package`))[0];
    case 'pkg':
      return rest[0] === 'set' ? undefined : 'npm pkg set is all that is known';
    case 'test':
    case 'start':
      return scriptFault(verb, workspace, [...rest, ...passedOn]);
    case 'run':
      return scriptFault(rest[0] ?? '', workspace, [...rest.slice(1), ...passedOn]);
    default:
      return `npm ${verb} is none of the commands of documents`;
  }
}

/** The options of npm itself, and what is left. */
function npmWords(words: readonly string[]) {
  const names: string[] = [];
  let workspace: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-w') workspace = words[++at];
    else if (!word.startsWith('-')) names.push(word);
    else if (!['--silent', '--save-dev', '-D', '-y'].includes(word)) {
      return { names, workspace, fault: `npm ${word} is none of the options of documents` };
    }
  }
  return { names, workspace, fault: undefined };
}

function scriptFault(
  name: string,
  workspace: string | undefined,
  argv: readonly string[],
): string | undefined {
  const script = findScript(name, workspace);
  if (script === undefined) return `there is no script ${name} in ${workspace ?? 'package.json'}`;
  const { folder, line } = script;
  // A script of the root often starts one of a workspace.
  const onward = /^npm run (\S+) --silent -w (\S+) --$/.exec(line);
  if (onward !== null) return scriptFault(onward[1] ?? '', onward[2], argv);
  // Arguments go to the last command of a line.
  const program = /(?:^|&& )node (?:\S+ )?(\S+\.ts)$/.exec(line)?.[1];
  if (program !== undefined) return argumentFault(`${folder && `${folder}/`}${program}`, argv);
  return argv.length === 0 ? undefined : `nothing is known of the arguments of: ${line}`;
}

function npx([name = '', ...words]: readonly string[]): string | undefined {
  const bin = findBin(name);
  if (bin === undefined) return `there is no program ${name}`;
  if (name.startsWith('@keybound/')) return argumentFault(bin, words);
  if (name === 'turbo') {
    const { tasks } = JSON.parse(readText('turbo.json'));
    const [run, ...names] = words;
    const isKnown = run === 'run' && names.every((task) => task in tasks);
    return isKnown ? undefined : 'turbo.json has no such task';
  }
  return undefined;
}

/** A file that the document names elsewhere, so that the reader has it. */
function node(words: readonly string[], page: string): string | undefined {
  const files = words.filter((word) => !word.startsWith('-'));
  const [file = ''] = files;
  if (files.length !== 1 || page.split(file).length < 3) {
    return `node runs one file, which the document names elsewhere as well`;
  }
  return undefined;
}

/** Variables that one of the apps reads. */
function variables(words: readonly string[]): string | undefined {
  const settings = globSync(['apps/*/src/**/*.ts', 'packages/app-kit/src/*.ts'], { cwd: ROOT })
    .map(readText)
    .join('\n');
  return words
    .map((word) => word.split('=')[0] ?? '')
    .filter((name) => !new RegExp(`\\b${name}\\b`).test(settings))
    .map((name) => `no app reads ${name}`)[0];
}

function curl(words: readonly string[]): string | undefined {
  const urls = words.filter((word) => URL.canParse(word) && /^https?:/.test(word));
  const [url = ''] = urls;
  const isOurs =
    [ISSUER, API].some((origin) => url.startsWith(`${origin}/`)) ||
    /^http:\/\/localhost:\d+\//.test(url);
  return urls.length === 1 && isOurs ? undefined : 'curl asks the servers of the documents';
}

function folder(words: readonly string[]): string | undefined {
  return words.length === 1 ? undefined : 'one folder';
}
