import {
  type PastedField,
  type PastedRequest,
  type PasteFault,
  pastedRequest,
} from './pasted-request.ts';
import { splitShellWords } from './shell-words.ts';

/** The long names of the short options that matter here. */
const LONG: ReadonlyMap<string, string> = new Map([
  ['H', 'header'],
  ['X', 'request'],
  ['I', 'head'],
  ['G', 'get'],
  ['d', 'data'],
  ['F', 'form'],
  ['T', 'upload-file'],
]);
/** The other short options with a value, so that the value is not taken for the URL. */
const SHORT_WITH_VALUE = 'AbcCDeEhKmoPQrtuUwxyYz';
const LONG_WITH_VALUE: ReadonlySet<string> = new Set(
  (
    'header request url data data-raw data-binary data-ascii data-urlencode json form form-string ' +
    'upload-file oauth2-bearer output user user-agent cookie cookie-jar referer max-time ' +
    'connect-timeout write-out proxy cacert capath cert key cert-type key-type resolve connect-to range ' +
    'config retry retry-delay limit-rate max-redirs proto interface unix-socket dump-header tls-max ' +
    'ciphers trace trace-ascii url-query variable aws-sigv4 noproxy'
  ).split(' '),
);
/** An option that sends a body, and the method curl then uses. */
const METHOD_OF_BODY: Readonly<Record<string, string>> = {
  data: 'POST',
  'data-raw': 'POST',
  'data-binary': 'POST',
  'data-ascii': 'POST',
  'data-urlencode': 'POST',
  json: 'POST',
  form: 'POST',
  'form-string': 'POST',
  'upload-file': 'PUT',
};

/** An option by its long name, or a URL. */
type Argument = readonly [name: string, value: string];

/** The request that a curl command sends. */
export function parseCurlCommand(text: string): PastedRequest | PasteFault {
  const words = splitShellWords(text);
  if (words === undefined) return { fault: 'The command ends within a quotation.' };
  const given = readArguments(words.slice(1));
  const urls = given.filter(([name]) => name === 'url').map(([, value]) => value);
  const url = urls.find((one) => /^https?:\/\//i.test(one)) ?? urls[0];
  return pastedRequest(given.flatMap(fieldsOf), {
    method: methodOf(given),
    // Without a scheme, curl takes http.
    url: url === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`,
  });
}

function readArguments(words: readonly string[]): readonly Argument[] {
  const given: Argument[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') continue;
    if (word.startsWith('--')) {
      const name = word.slice(2);
      given.push([name, LONG_WITH_VALUE.has(name) ? (rest.shift() ?? '') : '']);
    } else if (word.startsWith('-') && word.length > 1) {
      given.push(...readShortOptions(word.slice(1), () => rest.shift() ?? ''));
    } else {
      given.push(['url', word]);
    }
  }
  return given;
}

/** Several options may share a word, and the last of them its value: `-sXPOST`. */
function readShortOptions(letters: string, nextWord: () => string): readonly Argument[] {
  const given: Argument[] = [];
  for (const [index, letter] of Array.from(letters).entries()) {
    const name = LONG.get(letter) ?? letter;
    if (LONG_WITH_VALUE.has(name) || SHORT_WITH_VALUE.includes(letter)) {
      given.push([
        name,
        Array.from(letters)
          .slice(index + 1)
          .join('') || nextWord(),
      ]);
      break;
    }
    given.push([name, '']);
  }
  return given;
}

function fieldsOf([name, value]: Argument): readonly PastedField[] {
  if (name === 'oauth2-bearer') return [['authorization', `Bearer ${value}`]];
  if (name !== 'header') return [];
  const colon = value.indexOf(':');
  const content = value.slice(colon + 1).trim();
  // Without a value curl sends no such field.
  if (colon < 0 || content === '') return [];
  return [[value.slice(0, colon).trim().toLowerCase(), content]];
}

function methodOf(given: readonly Argument[]): string {
  const named = given.findLast(([name]) => name === 'request')?.[1];
  if (named !== undefined) return named;
  if (given.some(([name]) => name === 'head')) return 'HEAD';
  if (given.some(([name]) => name === 'get')) return 'GET';
  const body = given.find(([name]) => Object.hasOwn(METHOD_OF_BODY, name));
  return METHOD_OF_BODY[body?.[0] ?? ''] ?? 'GET';
}
