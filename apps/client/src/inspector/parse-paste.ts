import { parseCurlCommand } from './curl-command.ts';
import { parseHeaderLines } from './header-lines.ts';
import type { PastedRequest, PasteFault } from './pasted-request.ts';

export type { PastedRequest, PasteFault } from './pasted-request.ts';

/** As much as a body or a long script may take; a header section of a server takes a quarter of it. */
const MAX_CHARS = 65_536;
const CURL = /^(?:[$%>][ \t]+)?curl(?:\.exe)?(?=\s)/i;
/** No token and no proof contains a dollar sign. */
const VARIABLE = /\$[A-Za-z_{(]/;

/**
 * The request in a pasted text, which is a curl command or header lines, or one sentence about what is
 * wrong with it. Whatever is found is as it was pasted; judging it is the verifier's business.
 */
export function parsePaste(text: string): PastedRequest | PasteFault {
  if (text.length > MAX_CHARS) {
    return { fault: `The text is longer than ${MAX_CHARS} characters.` };
  }
  const trimmed = text.trim();
  if (trimmed === '') return { fault: 'The text is empty.' };
  const command = CURL.exec(trimmed)?.[0];
  const request =
    command === undefined
      ? parseHeaderLines(text)
      : parseCurlCommand(`curl${trimmed.slice(command.length)}`);
  if ('fault' in request) return request;
  const { authorization, dpop } = request;
  if (authorization.length === 0 && dpop.length === 0) {
    return { fault: 'The text has neither an Authorization field nor a DPoP field.' };
  }
  if ([...authorization, ...dpop].some((value) => VARIABLE.test(value))) {
    return { fault: 'The text has a shell variable where a token or a proof should be.' };
  }
  return request;
}
