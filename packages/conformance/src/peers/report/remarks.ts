/** What a reader needs to know to judge a row. */
interface Remark {
  /** @defaultValue all */
  readonly software?: string;
  readonly requirements: readonly string[];
  /** The wrong decision that it is about. @defaultValue any */
  readonly decision?: 'accepted' | 'refused';
  readonly text: string;
}

const REMARKS: readonly Remark[] = [
  {
    requirements: ['URI-11'],
    decision: 'accepted',
    text: 'The URL class of Node repairs such texts as browsers do; only the holder of the key can write them into a proof.',
  },
  {
    requirements: ['JOSE-7797-7-01'],
    decision: 'accepted',
    text: 'RFC 7797 forbids such JWTs; software that does not implement it passes over b64 as over any unknown parameter.',
  },
  {
    requirements: ['JOSE-7518-6.2-01', 'JOSE-7518-6.3-01'],
    decision: 'accepted',
    text: 'Another spelling gives one key another thumbprint.',
  },
  {
    requirements: ['JOSE-KEY-P1'],
    decision: 'accepted',
    text: 'A token has to be bound to such a key first.',
  },
  {
    software: 'express-oauth2-jwt-bearer',
    requirements: ['BEARER-2.2-01'],
    decision: 'accepted',
    text: 'RFC 6750 §2.2 has tokens in forms, never of a GET; Express gives it the body where a parser of forms is installed.',
  },
  {
    software: 'express-oauth2-jwt-bearer',
    requirements: ['BEARER-2.3-02'],
    decision: 'accepted',
    text: 'RFC 6750 §2.3 has tokens in queries and advises against them; OAuth 2.1 and FAPI 2.0 forbid them. There is no option for it.',
  },
  {
    software: 'express-oauth2-jwt-bearer',
    requirements: ['BEARER-3-01'],
    decision: 'accepted',
    text: 'RFC 6750 §2.2 has tokens in forms; there is no option for it.',
  },
  {
    software: 'express-oauth2-jwt-bearer',
    requirements: ['BEARER-3-04'],
    text: 'Where text of the request is repeated in error_description, Node refuses to write a field with such characters.',
  },
  {
    software: 'express-oauth2-jwt-bearer',
    requirements: ['URI-09'],
    decision: 'accepted',
    text: 'It makes a URL of what Express gives it, which resolves or repairs the target.',
  },
  {
    software: 'better-auth',
    requirements: ['DPOP-11.1-01'],
    decision: 'accepted',
    text: 'Its store forgets a proof at the second in which its verifier still takes it.',
  },
  {
    software: '@atproto/oauth-provider',
    requirements: ['DPOP-11.1-P2'],
    decision: 'refused',
    text: 'It notes the jti before it looks at the token; RFC 9449 does not say when.',
  },
  {
    software: '@atproto/oauth-provider',
    requirements: ['JOSE-7519-2-01'],
    decision: 'refused',
    text: 'Its schema of tokens wants integers.',
  },
  {
    software: '@solid/access-token-verifier',
    requirements: [
      'DPOP-4.3-05',
      'DPOP-4.3-07',
      'FAPI-5.4-01',
      'JOSE-7517-4-01',
      'JOSE-7518-3.3-01',
    ],
    decision: 'refused',
    text: 'It wants alg, with a name that begins with RS, in the JWK of an RSA key.',
  },
  {
    software: '@solid/access-token-verifier',
    requirements: ['DPOP-4.3-08'],
    decision: 'refused',
    text: 'Its list of methods is fixed.',
  },
  {
    software: '@solid/access-token-verifier',
    requirements: ['DPOP-4.3-12'],
    decision: 'accepted',
    text: 'Its README says that ath is to be enforced when it is supported widely enough.',
  },
  {
    software: '@solid/access-token-verifier',
    requirements: ['DPOP-11.1-P2'],
    decision: 'refused',
    text: 'It notes the jti before it compares ath; RFC 9449 does not say when.',
  },
];

/** The remark on a row; none for most. */
export function remarkOn(
  software: string,
  requirement: string,
  decision: Remark['decision'],
): string | undefined {
  return REMARKS.find(
    (remark) =>
      (remark.software ?? software) === software &&
      remark.requirements.includes(requirement) &&
      (remark.decision ?? decision) === decision,
  )?.text;
}
