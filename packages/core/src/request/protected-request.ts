/**
 * A request as the checks need it. Adapters make one from their framework's request.
 */
export interface ProtectedRequest {
  /** The method exactly as received; methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /**
   * The request target exactly as received, query included and before any rewriting: `/notes?all=1`,
   * or the absolute form of RFC 9112 §3.2.2.
   */
  readonly target: string;
  /**
   * The values of every field line with this name, in order, one entry a line. Adapters look at the
   * raw lines: Node keeps only the first `Authorization` and joins several `DPoP` lines into one.
   *
   * @param name - the field name in lower case, or `:authority` (HTTP/2), which `Headers` refuses to look for
   */
  headers(name: string): readonly string[];
  /**
   * Who is at the other end of the connection, never who a field says it is: an IP address, or `unix:`
   * for a socket of this machine. Left out where a platform does not tell; fields of a proxy are then
   * believed of nobody.
   */
  readonly peerAddress?: string | undefined;
}

/** Header fields of a response, in order. A name may occur several times. */
export type HeaderList = readonly (readonly [name: string, value: string])[];
