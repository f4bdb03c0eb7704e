import type { JSX } from 'preact';
import { type DecodedJwt, decodeJwt } from '../../inspector/decode.ts';
import { TEXTS } from '../texts.ts';

const { exchange: texts } = TEXTS;

/** Access token and proof side by side, as far as they can be read. */
export function DecodedPair(props: {
  readonly token: string | undefined;
  readonly proof: string | undefined;
}): JSX.Element | null {
  const { token, proof } = props;
  if (token === undefined && proof === undefined) return null;
  const decodedToken = token === undefined ? undefined : decodeJwt(token);
  const decodedProof = proof === undefined ? undefined : decodeJwt(proof);
  return (
    <div class="side-by-side">
      {decodedToken ? (
        <Decoded title={texts.token} jwt={decodedToken} />
      ) : (
        token !== undefined && <p>{texts.opaque}</p>
      )}
      {decodedProof && <Decoded title={texts.proof} jwt={decodedProof} />}
    </div>
  );
}

function Decoded({
  title,
  jwt,
}: {
  readonly title: string;
  readonly jwt: DecodedJwt;
}): JSX.Element {
  return (
    <div class="raw">
      <h4>{title}</h4>
      <pre tabIndex={0} role="group" aria-label={title}>
        {JSON.stringify(jwt.header, undefined, 2)}
        {'\n'}
        {JSON.stringify(jwt.payload, undefined, 2)}
      </pre>
    </div>
  );
}
