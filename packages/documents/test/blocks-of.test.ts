import { describe, expect, it } from 'vitest';
import { commandFault } from './commands/command-fault.ts';
import { wordsOf } from './commands/words.ts';
import { blocksOf } from './support/blocks.ts';
import { sidesOf } from './support/sides.ts';

const keysOf = (text: string) => blocksOf({ path: 'a.md', text }).map(({ key }) => key);

describe('the blocks of a page', () => {
  it.each([
    [
      'two modules and a shell line under one heading',
      '# H\n```ts\n1\n```\n```sh\nx\n```\n```ts\n2\n```',
      ['a.md # H: ts 1', 'a.md # H: sh 1', 'a.md # H: ts 2'],
    ],
    ['a block before the first heading', '```json\n{}\n```', ['a.md # top: json 1']],
    ['no language', '# H\n```\nx\n```', ['a.md # H: plain 1']],
    ['a fence of tildes in a list', '# H\n- one\n\n  ~~~js\n  1\n  ~~~', ['a.md # H: js 1']],
    ['an indented block', '# H\n\n    x', ['a.md # H: plain 1']],
    ['lines that the site marks', '# H\n```ts{1}\n1\n```', ['a.md # H: ts 1']],
    ['a heading with code', '# The `use` of it\n```ts\n1\n```', ['a.md # The use of it: ts 1']],
    ['front matter', '---\ntitle: x\n---\n```ts\n1\n```', ['a.md # top: ts 1']],
  ])('%s → %j', (_, text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  it('text and line are those of the file', () => {
    const [block] = blocksOf({
      path: 'a.md',
      text: '---\nx: 1\n---\n# H\n\n```ts some/file.ts\na\n\nb\n```\n',
    });
    expect(block).toMatchObject({ line: 6, meta: 'some/file.ts', text: 'a\n\nb\n' });
  });
});

describe('the sides of a diff', () => {
  it('lines of one side stand there alone, the others in both', () => {
    expect(sidesOf(' a\n-b\n+c\n\n+d\n')).toEqual({ before: 'a\nb\n\n', after: 'a\nc\n\nd\n' });
  });

  it.each([
    ['nothing differs', ' a\n b\n'],
    ['a line without a sign', ' a\nb\n+c\n'],
    ['lines of the tool', '@@ -1 +1 @@\n-a\n+b\n'],
  ])('%s → an error', (_, diff) => {
    expect(() => sidesOf(diff)).toThrow();
  });
});

describe('lines of shell', () => {
  it.each([
    ['npm start -w apps/client    # the lab', ['npm', 'start', '-w', 'apps/client']],
    ['# only a comment', []],
    ["curl -H 'A: b # c' x", ['curl', '-H', 'A: b # c', 'x']],
    [
      'export KEY=$(openssl rand -base64 32) B="c d"',
      ['export', 'KEY=$(openssl rand -base64 32)', 'B=c d'],
    ],
  ])('%s → %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  it.each([
    'npm ci',
    'npm test',
    'npm run demo -- --once --port-base 5000',
    'npm run bench -- --only dpop,memory',
    'npm install @keybound/core ioredis',
    'npx @keybound/dpop-vectors run --adapter ./a.js',
    'npx turbo run dev',
    'mkdir notes && cd notes && npm init -y',
    'node app.ts',
    'export DATABASE_URL=postgresql://db.example/as',
    'curl -i https://api.example/notes',
  ])('%s → right', (line) => {
    expect(commandFault(line, 'In `app.ts` it stands:\nnode app.ts')).toBeUndefined();
  });

  it.each([
    ['npm run nothing', 'no script'],
    ['npm run test -w packages/nothing', 'no script'],
    ['npm run demo -- --twice', '--twice'],
    ['npm run demo -- --port-base x', 'port-base'],
    ['npm run bench -- --only nothing', 'nothing'],
    ['npm start -w apps/auth-server -- --port 1', '--help alone'],
    ['npm run --silent rotate-keys -w apps/auth-server -- now', 'nothing is known'],
    ['npm install @keybound/cor', 'no package'],
    ['npm install @keybound/test-kit', 'no package'],
    ['npm ci --force', '--force'],
    ['npx @keybound/core', 'no program'],
    ['npx nothing-of-this-name', 'no program'],
    ['npx @keybound/dpop-vectors run --adaptor ./a.js', 'adaptor'],
    ['npx turbo run nothing', 'no such task'],
    ['npm ci && rm -rf /', 'none of the commands'],
    ['node app.js', 'names elsewhere'],
    ['export NOTHING=1', 'no app reads'],
    ['curl https://example.org/', 'servers of the documents'],
  ])('%s → %s', (line, fault) => {
    expect(commandFault(line, 'In `app.ts` it stands:\nnode app.js')).toContain(fault);
  });
});
