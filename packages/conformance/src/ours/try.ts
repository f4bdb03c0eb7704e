/**
 * `node --conditions=@keybound/source src/ours/try.ts <file> …`: the vectors of these files, or of all,
 * against our packages as functions; with `--sockets` against our servers.
 */
import { loadVectors, runVectors, selectFiles, textReport } from '@keybound/dpop-vectors';
import { createFunctionAdapter } from './function-adapter.ts';
import { createSocketAdapter } from './socket-adapter.ts';

const names = process.argv.slice(2).filter((name) => name !== '--sockets');
const adapter = process.argv.includes('--sockets')
  ? createSocketAdapter()
  : createFunctionAdapter();
const files = loadVectors();
const report = await runVectors(adapter, {
  files: names.length > 0 ? selectFiles(files, names) : files,
});
process.stdout.write(textReport(report));
