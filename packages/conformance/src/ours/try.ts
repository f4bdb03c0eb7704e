/**
 * `node --conditions=@keybound/source src/ours/try.ts <file> …`: the vectors of these files, or of all,
 * against our packages as functions; with `--sockets` against our servers.
 */
import { loadVectors, runVectors } from '@keybound/dpop-vectors';
import { createFunctionAdapter } from './function-adapter.ts';
import { createSocketAdapter } from './socket-adapter.ts';

const names = process.argv.slice(2).filter((name) => name !== '--sockets');
const adapter = process.argv.includes('--sockets')
  ? createSocketAdapter()
  : createFunctionAdapter();
const all = loadVectors();
const files = names.length > 0 ? all.filter(({ file }) => names.includes(file)) : all;
const { results, counts } = await runVectors(adapter, { files });
for (const { name, verdict, sentences, came, comment } of results) {
  if (verdict === 'passed') continue;
  process.stdout.write(
    `${verdict}: ${name}: ${comment}\n  ${sentences.join('\n  ')}\n  came: ${came}\n`,
  );
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
