/**
 * A program for the tests of the protocol: `node child.ts <manner>`. It accepts every request, except as
 * its manner says.
 */
import { createInterface } from 'node:readline';

interface Line {
  readonly kind: string;
  readonly id: string;
  readonly session: string;
}

const [manner = 'good'] = process.argv.slice(2);
const held: Line[] = [];

createInterface({ input: process.stdin }).on('line', (text) => {
  const line = JSON.parse(text) as Line;
  if (line.kind === 'end') return process.stderr.write(`end ${line.session}\n`);
  if (line.kind === 'hello') return hello();
  return ACTIONS[manner]?.(line) ?? accept(line);
});

if (manner === 'stays') setInterval(() => undefined, 1000);

function hello(): void {
  const name = manner === 'nameless' ? {} : { name: 'child' };
  const version = manner === 'versionless' ? {} : { version: '1.0' };
  write({ id: 'hello', ...name, ...version });
  if (manner === 'talks early') process.stdout.write('ready\n');
}

const ACTIONS: Readonly<Record<string, (line: Line) => true | undefined>> = {
  dies: () => process.exit(3),
  hangs: () => true,
  'no json': () => say('Traceback'),
  'no object': () => say('[]'),
  'no id': () => say('{"decision":"accept"}'),
  'other id': () => say('{"id":"other","decision":"accept"}'),
  'no decision': ({ id }) => {
    write({ id });
    return true;
  },
  separators: ({ id }) => {
    const text = JSON.stringify({ id, decision: 'reject', detail: 'a\u2028b' });
    for (const part of [text.slice(0, 9), text.slice(9), '\n']) process.stdout.write(part);
    return true;
  },
  'backwards in pairs': (line) => {
    held.push(line);
    if (held.length % 2 === 0) for (const one of held.splice(0).reverse()) accept(one);
    return true;
  },
};

function accept({ id }: Line): void {
  write({ id, decision: 'accept', detail: id });
}

function say(text: string): true {
  process.stdout.write(`${text}\n`);
  return true;
}

function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
