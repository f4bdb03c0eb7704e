import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** What a requirement ID looks like; the families are those of the catalogue. */
const ID =
  /\b(?:BEARER|DPOP|URI|JOSE|THUMB|ATJWT|INTRO|REVOKE|META|PRM|ISS|PKCE|PAR|RI|OAUTH|OA21|BCP|BBA|JWTBCP|STEPUP|MTLS|FAPI|MCP|CIMD|SEP1932)-(?:[A-Za-z0-9.]+-)*P?\d{1,2}\b/g;

/** Which test files name which requirement. */
export type Citations = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the sources of all tests for requirement IDs. Sources, because a title may be put together from a
 * table; that a test which names an ID has passed is for the run of the tests to say.
 */
export function readCitations(root: string): Citations {
  const citations = new Map<string, string[]>();
  for (const file of testFiles(root)) {
    const ids = new Set(readFileSync(join(root, file), 'utf8').match(ID) ?? []);
    for (const id of ids) citations.set(id, [...(citations.get(id) ?? []), file]);
  }
  return citations;
}

function testFiles(root: string): readonly string[] {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)))
    .flatMap((workspace) => ['test', 'src/contracts'].map((folder) => join(workspace, folder)))
    .flatMap((folder) => sourcesIn(root, folder))
    .map((file) => file.split(sep).join('/'))
    .sort();
}

function sourcesIn(root: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name));
  } catch {
    return []; // a workspace without tests of its own
  }
}
