import { AuthError } from '../errors/auth-error.ts';
import type { ProtectedRequest } from './protected-request.ts';

/** Options of {@link createForwardAuth}. */
export interface ForwardAuthOptions {
  /**
   * Whether a proxy of yours has this address: an IP address, or `unix:` for a socket of this machine.
   * Anything but `true` means no. `createTrustedProxies` of `@keybound/fastify` makes one from a list of
   * addresses and networks.
   */
  readonly trusts: (address: string) => boolean;
  /**
   * Where the proxy writes method and target of the request it asks about: `X-Original-Method` and
   * `X-Original-URI`, as configurations of nginx do, or `X-Forwarded-Method` and `X-Forwarded-Uri`, as
   * Traefik and Caddy do by themselves.
   */
  readonly fields: 'x-original' | 'x-forwarded';
}

const FIELDS: Readonly<Record<ForwardAuthOptions['fields'], readonly [string, string]>> = {
  'x-original': ['x-original-method', 'x-original-uri'],
  'x-forwarded': ['x-forwarded-method', 'x-forwarded-uri'],
};

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Origin-form without fragment, blanks and control characters. Octets above ASCII are not judged here: the
// server behind would have got them too.
const ORIGIN_FORM = /^\/[!"$-~\u0080-\uFFFF]*$/;

/**
 * A function that turns a question of a proxy into the request the question is about, for nginx
 * `auth_request`, Traefik ForwardAuth, Caddy `forward_auth` and the like. The question is a `GET` without
 * body that carries the fields of the original request; method and target come from the fields that the
 * proxy wrote, everything else from the question.
 *
 * The function throws `AuthError` `target_invalid` when the question is not from a trusted proxy, or one
 * of the two fields is not there exactly once, is no method, or no target in origin-form.
 *
 * Not checked: that the proxy wrote the fields. One that passes a client's own `X-Original-URI` on lets
 * that client choose what its proof is compared with; have it overwrite both in every question. And not
 * known here: the body.
 *
 * @throws TypeError when an option is not of the described form.
 */
export function createForwardAuth(
  options: ForwardAuthOptions,
): (question: ProtectedRequest) => ProtectedRequest {
  const { trusts, fields } = options;
  if (typeof trusts !== 'function') {
    throw new TypeError('trusts: give a function that tells whether an address is yours');
  }
  if (!Object.hasOwn(FIELDS, fields)) {
    throw new TypeError("fields: must be 'x-original' or 'x-forwarded'");
  }
  const [methodField, targetField] = FIELDS[fields];

  return (question) => {
    const { peerAddress } = question;
    if (peerAddress === undefined || trusts(peerAddress) !== true) {
      throw new AuthError('target_invalid', { facts: { fault: 'peer_untrusted', peerAddress } });
    }
    return {
      method: onlyValue(question, methodField, METHOD),
      target: onlyValue(question, targetField, ORIGIN_FORM),
      headers: (name) => question.headers(name),
      peerAddress,
    };
  };
}

function onlyValue(question: ProtectedRequest, field: string, form: RegExp): string {
  const [value, ...more] = question.headers(field);
  if (value === undefined || more.length > 0 || !form.test(value)) {
    const what = value === undefined ? 'missing' : more.length > 0 ? 'repeated' : 'malformed';
    throw new AuthError('target_invalid', { facts: { fault: `field_${what}`, field } });
  }
  return value;
}
