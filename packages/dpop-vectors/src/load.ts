import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { checkedVectors } from './check-vectors.ts';
import type { JsonObject, VectorFile } from './format.ts';
import { messageOf } from './words.ts';

/** A statement of the specifications; cases name the statements they test by `id`. */
export interface Requirement {
  /** The name of the statement, such as `DPOP-4.3-01`; it never changes once published. */
  readonly id: string;
  /** The most important ones. */
  readonly starred: boolean;
  /** The specification that says it, such as `RFC 9449`. */
  readonly document: string;
  /** The section of the document, such as `4.3`. */
  readonly section: string;
  /** Other places that say the same. */
  readonly also?: readonly string[];
  /** Whom it binds: client, authorization server, resource server. */
  readonly roles: readonly ('C' | 'AS' | 'RS')[];
  /**
   * How binding it is: the word of RFC 2119, `INFO` where there is none, `POLICY` for a choice of this
   * suite.
   */
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'INFO' | 'POLICY';
  /** A choice of this suite where the specifications leave room. */
  readonly policy: boolean;
  /** The statement in one sentence. */
  readonly title: string;
  /** Whether a message can violate it. */
  readonly violable: boolean;
}

/** A key pair of the vectors. All are published: for tests only. */
export interface PublishedKey {
  /** Whose key it is in the cases. */
  readonly comment: string;
  /** The algorithm it signs with where a case does not say otherwise. */
  readonly alg: string;
  /** Its thumbprint (RFC 7638). */
  readonly jkt?: string;
  /** The public half as a JWK. */
  readonly jwk: JsonObject;
  /** The private half as a JWK. */
  readonly privateJwk?: JsonObject;
}

/**
 * Reads vector files, sorted by name.
 *
 * @param folder - A folder of vector files; the ones of this package when left out.
 * @throws Error when a file is not what it claims to be, with the file and the fault.
 */
export function loadVectors(folder?: string | URL): readonly VectorFile[] {
  const place = folder === undefined ? own('vectors/') : asFolder(folder);
  const names = readdirSync(place).filter((name) => name.endsWith('.json'));
  return names
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
    .map((name) =>
      checkedVectors(readJson(new URL(`${encodeURIComponent(name)}.json`, place)), name),
    );
}

/** Reads the catalogue of requirements. */
export function loadRequirements(): readonly Requirement[] {
  const catalogue = readJson(own('requirements.json'));
  return (catalogue as { readonly requirements: readonly Requirement[] }).requirements;
}

/** Reads the key pairs of the vectors, by name. */
export function loadKeys(): Readonly<Record<string, PublishedKey>> {
  return (readJson(own('keys.json')) as { readonly keys: Record<string, PublishedKey> }).keys;
}

/** The version of this package. */
export function ownVersion(): string {
  return (readJson(own('package.json')) as { readonly version: string }).version;
}

/** A place in this package; the sources and what is built of them lie one folder below it. */
function own(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}

function asFolder(folder: string | URL): URL {
  const { href } = typeof folder === 'string' ? pathToFileURL(folder) : folder;
  return new URL(href.endsWith('/') ? href : `${href}/`);
}

function readJson(place: URL): unknown {
  const text = readFileSync(place, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place.pathname} is not JSON: ${messageOf(error)}`);
  }
}
