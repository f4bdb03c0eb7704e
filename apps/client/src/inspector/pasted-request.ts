/** What was found in a pasted text. Nothing in it is checked. */
export interface PastedRequest {
  readonly method?: string;
  /** Absolute where the text says enough, else as it stands there. */
  readonly url?: string;
  /** The value of each `Authorization` field, in order. */
  readonly authorization: readonly string[];
  /** The value of each `DPoP` field, in order. */
  readonly dpop: readonly string[];
}

/** Why a text cannot be taken for a request. */
export interface PasteFault {
  /** One sentence for people. */
  readonly fault: string;
}

/** One header field, its name in lower case. */
export type PastedField = readonly [name: string, value: string];

/** The request of what was read, with members left out that nothing was found for. */
export function pastedRequest(
  fields: readonly PastedField[],
  { method, url }: { readonly method?: string | undefined; readonly url?: string | undefined },
): PastedRequest {
  return {
    ...(method !== undefined && { method }),
    ...(url !== undefined && { url }),
    authorization: valuesOf(fields, 'authorization'),
    dpop: valuesOf(fields, 'dpop'),
  };
}

/** The value of each field with a name. */
export function valuesOf(fields: readonly PastedField[], name: string): readonly string[] {
  return fields.filter(([own]) => own === name).map(([, value]) => value);
}
