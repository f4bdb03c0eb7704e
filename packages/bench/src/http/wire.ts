import { DEPLOYMENT, METHOD, type PresentedRequest, TARGET } from '../requests.ts';

/** The octets of a request as a small client sends them. */
export function requestOctets({ scheme, token, proof }: PresentedRequest): Buffer {
  const lines = [
    `${METHOD} ${TARGET} HTTP/1.1`,
    `Host: ${new URL(DEPLOYMENT.audience).host}`,
    'Accept: application/json',
    `Authorization: ${scheme} ${token}`,
    ...(proof === undefined ? [] : [`DPoP: ${proof}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
