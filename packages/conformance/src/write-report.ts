/**
 * `npm run report -w packages/conformance [-- --date YYYY-MM-DD]`: puts the vectors to our packages and to
 * the peers, and writes `docs/vectors/report.md`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadRequirements, loadVectors, runVectors } from '@keybound/dpop-vectors';
import { createFunctionAdapter } from './ours/function-adapter.ts';
import { createPeers } from './peers/index.ts';
import { type Run, reportDocument } from './peers/report/document.ts';

const TARGET = new URL('../../../docs/vectors/report.md', import.meta.url);

const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
const { values } = parseArgs({ options: { date: { type: 'string', default: today } } });
if (!/^\d{4}-\d{2}-\d{2}$/.test(values.date)) throw new Error('--date is no YYYY-MM-DD');

const files = loadVectors();
const runs: Run[] = [
  {
    report: await runVectors(createFunctionAdapter(), { files }),
    name: 'The packages of this repository',
    version: undefined,
    builtOn: 'the cryptography of Node',
    configuration:
      'Called as functions, with the configuration of each case: protected resource, authorization server without a socket, signer and user agent. The cases of bytes on a connection are put to the running servers in the tests and not here.',
  },
];
for (const peer of createPeers()) {
  const { name, version, builtOn, configuration } = peer;
  runs.push({
    report: await runVectors(peer, { files }),
    name,
    version,
    builtOn,
    configuration,
  });
}

mkdirSync(new URL('.', TARGET), { recursive: true });
writeFileSync(
  TARGET,
  reportDocument(runs, {
    date: values.date,
    node: process.versions.node,
    files,
    requirements: loadRequirements(),
  }),
);
