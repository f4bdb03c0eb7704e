// A scheme and its parameters (RFC 9110 §11.2), and a little more: what schemes such as AWS4-HMAC-SHA256
// write in the place of a token. Each alternative ends before the next one can begin, so a match takes
// linear time.
const TOKEN = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const PARAMETER = String.raw`${TOKEN}[\t ]*=(?:[\t ]*(?:"(?:[^"\\]|\\.)*"|[^\s",]+))?`;
const WITH_PARAMETERS = new RegExp(
  String.raw`^${TOKEN} +${PARAMETER}(?:[\t ]*,[\t ]*${PARAMETER})+$`,
);

/**
 * The lines of a field out of the one text that `Headers` makes of them, joined by commas. Only for
 * fields that have at most one line in an honest request.
 *
 * Neither an access token nor a proof can contain a comma, so there was more than one line where one is,
 * or a line that is refused anyway. The exception is `Authorization` of a scheme with parameters, such as
 * `Digest`: its commas stand within one line. A second line that looks like one more parameter cannot be
 * told from one (RFC 9110 §5.3); either way no token is read from such a text.
 */
export function fieldLines(name: string, joined: string | null): readonly string[] {
  if (joined === null) return [];
  if (name !== 'authorization' && name !== 'dpop') return [joined];
  if (name === 'authorization' && WITH_PARAMETERS.test(joined)) return [joined];
  return joined.split(',').map((line) => line.trim());
}
