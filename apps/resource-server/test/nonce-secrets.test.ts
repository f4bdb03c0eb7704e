import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, until } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNonceSecrets } from '../src/nonce-secrets.ts';

const OLD = 'an old secret of the tests, 32 or more chars';
const NEW = 'a new secret of the tests, 32 or more chars!';

function inFile(text: string) {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const file = join(path, 'secrets');
  writeFileSync(file, text);
  const faults: unknown[] = [];
  const create = () =>
    createNonceSecrets({ listed: [], file, onFault: (error) => faults.push(error) });
  return { file, faults, create };
}

describe('secrets of nonces', () => {
  it('listed → these', () => {
    expect(createNonceSecrets({ listed: [NEW, OLD], onFault() {} })()).toEqual([NEW, OLD]);
  });

  it('neither list nor file → a random one, the same for the life of the process', () => {
    const secrets = createNonceSecrets({ listed: [], onFault() {} });
    expect(secrets()).toEqual(secrets());
    expect(secrets()[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(createNonceSecrets({ listed: [], onFault() {} })()).not.toEqual(secrets());
  });

  it('a file → one a line, blanks and empty lines left out', () => {
    const { create } = inFile(`  ${NEW}\r\n\n${OLD} \n`);
    expect(create()()).toEqual([NEW, OLD]);
  });

  it('the file is written again → read again, without a restart', async () => {
    const { file, create, faults } = inFile(OLD);
    const secrets = create();
    expect(secrets()).toEqual([OLD]);
    writeFileSync(file, `${NEW}\n${OLD}`);
    await until(() => secrets().length === 2, 'the new secret is seen');
    expect(secrets()).toEqual([NEW, OLD]);
    expect(faults).toEqual([]);
  });

  it('another file takes its place, of the same size → read again', async () => {
    const { file, create } = inFile(OLD);
    const secrets = create();
    writeFileSync(`${file}.next`, NEW);
    renameSync(`${file}.next`, file);
    await until(() => secrets()[0] === NEW, 'the new secret is seen');
  });

  it.each([
    ['removed', (file: string) => rmSync(file)],
    ['emptied', (file: string) => writeFileSync(file, '')],
    ['written with a short secret', (file: string) => writeFileSync(file, `${NEW}\nshort`)],
  ])('the file is %s → the secrets stay, and the fault is told without them', async (_, change) => {
    const { file, create, faults } = inFile(OLD);
    const secrets = create();
    change(file);
    await until(() => secrets() !== undefined && faults.length > 0, 'the fault is told');
    expect(secrets()).toEqual([OLD]);
    expect(String(faults[0])).not.toContain(NEW);
  });

  it.each(['', 'short', `${OLD}\nshort`])('a file with %j at the start → an error', (text) => {
    expect(inFile(text).create).toThrow(
      new Error('must have one secret a line, each of at least 32 characters'),
    );
  });
});
