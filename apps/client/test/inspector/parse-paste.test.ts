import { describe, expect, it } from 'vitest';
import { type PastedRequest, parsePaste } from '../../src/inspector/parse-paste.ts';

type Row = readonly [circumstance: string, text: string, expected: PastedRequest];

const FIELDS = { authorization: ['DPoP t.o.k'], dpop: ['p.r.f'] };
const GET = { method: 'GET', url: 'https://api.example/notes', ...FIELDS };
const LINES = 'Authorization: DPoP t.o.k\nDPoP: p.r.f';
const OPTIONS = `-H 'Authorization: DPoP t.o.k' -H 'DPoP: p.r.f'`;

const HEADER_LINES: readonly Row[] = [
  ['two fields', LINES, FIELDS],
  ['another order and case', 'dpop:p.r.f\nAUTHORIZATION:   DPoP t.o.k  ', FIELDS],
  ['line ends of HTTP', LINES.replace('\n', '\r\n'), FIELDS],
  ['a request line with a URL', `GET https://api.example/notes HTTP/1.1\n${LINES}`, GET],
  ['a request line without version', `GET https://api.example/notes\n${LINES}`, GET],
  ['a path and Host', `GET /notes HTTP/1.1\nHost: api.example\n${LINES}`, GET],
  [
    'a path and a Host of this machine',
    `GET /notes HTTP/1.1\nHost: localhost:3000\n${LINES}`,
    { ...GET, url: 'http://localhost:3000/notes' },
  ],
  ['a path without Host', `GET /notes HTTP/1.1\n${LINES}`, { ...GET, url: '/notes' }],
  [
    'the fields HTTP/2 has for a request line',
    `:method: GET\n:authority: api.example\n:scheme: https\n:path: /notes\n${LINES}`,
    GET,
  ],
  [
    'what curl -v prints',
    `* Connected\n> GET /notes HTTP/1.1\n> Host: api.example\n> ${LINES.replace('\n', '\n> ')}\n> \n< HTTP/1.1 401`,
    GET,
  ],
  ['an indented text', `  ${LINES.replace('\n', '\n  ')}`, FIELDS],
  ['blank lines before', `\n\n${LINES}`, FIELDS],
  ['a body behind', `${LINES}\n\nDPoP: not a field`, FIELDS],
  ['lines that are no fields', `hello\n${LINES}\n{"a": 1}`, FIELDS],
  ['a folded field', 'DPoP: p.r\n .f', { authorization: [], dpop: ['p.r .f'] }],
  [
    'repeated fields',
    'DPoP: a\nDPoP: b\nAuthorization: Bearer c\nauthorization: Bearer d',
    { authorization: ['Bearer c', 'Bearer d'], dpop: ['a', 'b'] },
  ],
  ['an empty field', 'DPoP:', { authorization: [], dpop: [''] }],
];

const CURL: readonly Row[] = [
  ['single quotes', `curl ${OPTIONS} 'https://api.example/notes'`, GET],
  ['double quotes', `curl "https://api.example/notes" ${OPTIONS.replaceAll("'", '"')}`, GET],
  ['a prompt before', `$ curl ${OPTIONS} https://api.example/notes`, GET],
  ['lines that go on', `curl \\\n  ${OPTIONS} \\\r\n  https://api.example/notes`, GET],
  ['blanks behind the backslash', `curl ${OPTIONS} \\  \n https://api.example/notes`, GET],
  [
    '--header and --url',
    `curl --url https://api.example/notes ${OPTIONS.replaceAll('-H', '--header')}`,
    GET,
  ],
  [
    "the quotes browsers write, $'…'",
    `curl $'https://api.example/notes' -H $'authorization: DPoP t\\x2eo\\u002ek' -H $'dpop: p.r.f'`,
    GET,
  ],
  ['-X', `curl -X DELETE https://api.example/notes ${OPTIONS}`, { ...GET, method: 'DELETE' }],
  [
    '-X without a blank',
    `curl -sXPUT https://api.example/notes ${OPTIONS}`,
    { ...GET, method: 'PUT' },
  ],
  [
    '--request twice',
    `curl --request PUT --request PATCH https://api.example/notes ${OPTIONS}`,
    { ...GET, method: 'PATCH' },
  ],
  ['-I', `curl -sI https://api.example/notes ${OPTIONS}`, { ...GET, method: 'HEAD' }],
  ['--head', `curl --head https://api.example/notes ${OPTIONS}`, { ...GET, method: 'HEAD' }],
  ['-d', `curl -d 'a=1' https://api.example/notes ${OPTIONS}`, { ...GET, method: 'POST' }],
  [
    '--data-raw',
    `curl https://api.example/notes ${OPTIONS} --data-raw '{"a":"it is"}'`,
    { ...GET, method: 'POST' },
  ],
  ['--json', `curl https://api.example/notes ${OPTIONS} --json '{}'`, { ...GET, method: 'POST' }],
  [
    '--data and -X',
    `curl https://api.example/notes ${OPTIONS} --data a -X PUT`,
    { ...GET, method: 'PUT' },
  ],
  ['-G with data', `curl -G -d a=1 https://api.example/notes ${OPTIONS}`, GET],
  ['-T', `curl -T file https://api.example/notes ${OPTIONS}`, { ...GET, method: 'PUT' }],
  [
    'options with values',
    `curl -o out.json --max-time 5 -A agent ${OPTIONS} https://api.example/notes`,
    GET,
  ],
  [
    'a URL without scheme',
    `curl localhost:3000/notes ${OPTIONS}`,
    { ...GET, url: 'http://localhost:3000/notes' },
  ],
  [
    'a URL with an ampersand',
    `curl https://api.example/notes?a=1&b=2 ${OPTIONS}`,
    { ...GET, url: 'https://api.example/notes?a=1&b=2' },
  ],
  ['another command behind', `curl https://api.example/notes ${OPTIONS} | jq .`, GET],
  ['a next line', `curl https://api.example/notes ${OPTIONS}\ncurl -H 'DPoP: other'`, GET],
  ['no URL', `curl ${OPTIONS}`, { method: 'GET', ...FIELDS }],
  [
    '--oauth2-bearer',
    'curl --oauth2-bearer abc https://api.example/notes',
    { ...GET, authorization: ['Bearer abc'], dpop: [] },
  ],
  [
    'repeated fields',
    `curl https://api.example/notes ${OPTIONS} -H 'dpop: again'`,
    { ...GET, dpop: ['p.r.f', 'again'] },
  ],
  [
    'a field that curl removes',
    `curl https://api.example/notes -H 'DPoP:' -H 'Authorization: Bearer a'`,
    { ...GET, authorization: ['Bearer a'], dpop: [] },
  ],
];

const FAULTS: readonly (readonly [circumstance: string, text: string, fault: RegExp])[] = [
  ['nothing', '', /empty/],
  ['blanks', ' \n\t\r\n ', /empty/],
  ['prose', 'Please look at my request.', /neither/],
  ['neither field', 'GET / HTTP/1.1\nHost: api.example', /neither/],
  ['a token alone', 'DPoP eyJhbGciOiJub25lIn0.e30.', /neither/],
  ['a curl command without them', 'curl https://api.example/notes', /neither/],
  ['an open single quote', "curl -H 'DPoP: a", /quotation/],
  ['an open double quote', 'curl -H "DPoP: a\\"', /quotation/],
  ["an open $'", "curl -H $'DPoP: a\\'", /quotation/],
  ['a shell variable', 'curl -H "DPoP: $PROOF" https://api.example', /variable/],
  ['a command in a field', 'Authorization: DPoP $(cat token)', /variable/],
  ['too long a text', `DPoP: ${'a'.repeat(70_000)}`, /longer/],
];

const HOSTILE: readonly (readonly [circumstance: string, text: string])[] = [
  ['names of Object.prototype', '__proto__: a\nconstructor: b\nDPoP: c'],
  ['options named like members of an object', 'curl --constructor --__proto__ -H "DPoP: a" x'],
  ['null characters', 'DPoP: \0\0\nAuthorization: \0'],
  ['half surrogate pairs', 'DPoP: \ud800\nAuthorization: DPoP \udfff'],
  ['code points beyond Unicode', "curl -H $'DPoP: \\UFFFFFFFF' x"],
  ['an escape at the end', "curl -H $'DPoP: a\\"],
  ['a backslash at the end', 'curl -H DPoP:a \\'],
  ['options without their values', 'curl -H DPoP:a -X'],
  ['many blanks', `DPoP${' '.repeat(60_000)}a`],
  ['many backslashes', `curl ${'\\ '.repeat(30_000)}`],
  ['many colons', `:${':'.repeat(60_000)}`],
  ['many words', `curl ${'a '.repeat(30_000)}`],
  ['many letters of options', `curl -${'s'.repeat(60_000)}`],
  ['many lines', '\n DPoP: a'.repeat(6_000)],
];

describe('pasted header lines', () => {
  it.each(HEADER_LINES)('%s → found', (_circumstance, text, expected) => {
    expect(parsePaste(text)).toEqual(expected);
  });
});

describe('a pasted curl command', () => {
  it.each(CURL)('%s → found', (_circumstance, text, expected) => {
    expect(parsePaste(text)).toEqual(expected);
  });
});

describe('a text that is no request', () => {
  it.each(FAULTS)('%s → one sentence about it', (_circumstance, text, fault) => {
    expect(parsePaste(text)).toEqual({ fault: expect.stringMatching(fault) });
  });
});

describe('a hostile text', () => {
  it.each(HOSTILE)('%s → an answer in time', (_circumstance, text) => {
    const answer = parsePaste(text);
    expect('fault' in answer || Array.isArray(answer.dpop)).toBe(true);
  });
});
