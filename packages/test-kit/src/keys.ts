import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** A key pair of the tests. Published, so worth nothing anywhere else. */
export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateJwk: Readonly<Record<string, string>>;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function testKey(kid: string, alg: string, privateJwk: Record<string, string>): TestKey {
  const privateKey = createPrivateKey({ format: 'jwk', key: privateJwk });
  const publicKey = createPublicKey(privateKey);
  const publicJwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  return { kid, alg, publicJwk, privateJwk, publicKey, privateKey };
}

export type KeyName =
  | 'alice'
  | 'alice384'
  | 'alice521'
  | 'aliceRsa'
  | 'aliceEd25519'
  | 'mallory'
  | 'issuer'
  | 'issuerNext'
  | 'issuerRsa'
  | 'otherIssuer';

/** Alice is the honest client, Mallory the thief; the issuers sign access tokens. */
export const KEYS: Readonly<Record<KeyName, TestKey>> = {
  alice: testKey('alice', 'ES256', {
    kty: 'EC',
    x: 'rbMYOtCOA2yDk_OZMqQQQjlcKtCJYBdv4vfweOgLCI4',
    y: 'jSGaqgs1ORAKzCJQmVmJlpqb8etSdvKDEkKGzHXDTmU',
    crv: 'P-256',
    d: 'VAX_4I5Bm-wDbgUxboxGeiVkJyOO49-LB95iGU7OSL4',
  }),
  mallory: testKey('mallory', 'ES256', {
    kty: 'EC',
    x: 'o6fZFH9i5-2PTa7IqmDPC4q7AlcEFIF8fwYux0PEd38',
    y: 'i-moFYcuUO7UOqSgJxzGPWlZwxoq523OohGVs27Ap34',
    crv: 'P-256',
    d: 'qBNeT6dWlRXGay5CDecXi3Z0adZ6cHgOWQz8zodQoOM',
  }),
  alice384: testKey('alice384', 'ES384', {
    kty: 'EC',
    x: 'pZ_AdxJsTznZOPn--9ItJnqAxrHsFz0YbPXuVu5KmXh8W6crblZgpET6kdYPF0pS',
    y: 'XyI8_O_f1ndylw7OrVQqrd_iGNKs0DkWxViOGiLyKwz2jp-EfCIx6FK8AuKGZHTV',
    crv: 'P-384',
    d: 'cnJpsq-u4iLqGurVhYLDCEv5984eUE8o1h2nomg5wicvjhngdgZM97lMZrmky95x',
  }),
  alice521: testKey('alice521', 'ES512', {
    kty: 'EC',
    x: 'AYsY7z7QAzxNMxIRLfAbZXdxUyvN--3GgVQqWmIc_afO8PeCe1hExTDJ2sm5Z3pPLFdl99YXyIaV7F5z8DTeoOJj',
    y: 'AfZxd1k2U7R9jaMZlDxllxmFbGf1CmHrS2yuPcE6v5gJ7S10xuOChCBpbPFHEHLv8w50meiZ2Gx5occaav6bWkHL',
    crv: 'P-521',
    d: 'ADpbfTEto3-B5rvEnGvnail06vHZooIqmwNvkS0a8sK_Ecuhg53xbQO_SvT29caGh5k5WcXhBFRfePd75ThvQDkU',
  }),
  aliceRsa: testKey('aliceRsa', 'PS256', {
    kty: 'RSA',
    n: '95gIvX211ZPQoIAZTqyV8dciHZE7gfYrfGpPdKn_R6Ac5_z686kRrRG19dNVCxoPZXgwPn5ASgdiWkmgi0b7bUdrIIuUiqUOS279S0IuC7A9WZ4Hte-ieOg4R1l89Od8_ZiWgWb8ZjkLdRA0qjNC4_doIGzPI_BWab_zvObJvUkq1XTgqROnuv3-XogZnxqXB73gr8EAstktPTrI5O2nnLJCtNhpSi_Yd_B6-rPcm9aatYnUmkYGArcRf9LlXuRjpSXfIgvC0_B1SMGA8l8nG1Slh0SRXbSpNTW6gkBhgYXsz7mix1EiCk77EOewpyoC0dn3Buk5Sb5rnWA4DYW-Fw',
    e: 'AQAB',
    d: 'GO1ox9yDCkSOXHJj2eISBfNbvxqoS-6DCfd8FhSoG8fOJo8iRuuD2OcFE6xaDhBAHOkBARxd5aDLsVJjWae6WDy4rOH7VmAaydPGqE_lPzkDBuWcWiANErDdOwBn-RI1_nmL1u24RfnCol-7ev1GjplnQDMkQbaImgSrifO5u5bntArXpbdFb-YNcsFwHOsTe08Gzd48l3zk8KOWOCfa_11FYmes5Jcxnm34fgkEz1dkzghlt-JLFjNOchM1vQzgj64sIhUwuIYD_FBm0rwqYUQwDUiZdEcNqavSWpyeYrFdTjLvQpOLnMnXmLq3TfUJO1qbIc2zCLWU15y59BaC3Q',
    p: '_D3AujMkW8wTVWtrvRS74ic1zbPUwnaAzOmqoD9-EBqu_mQqMdowutNEM0V6dWroZxarI_4QXD9jyZ8k4SxS5PvWEv3htvAXhHqeQKk7iK1r6A_PPN2qSImJiGDuT_ImwTz9JvNlJ6-35wiKzY60UIG03KEGrx83McsSoQ3njNU',
    q: '-0iNfIoqOdBtggXL-CRB6lVKECSWtOE4fJBno5pKlBQeOo6TM3016SglLFxwhchnzCQVbM_CeJentRtgRxA6H1FiiA8iwOJJS3Oz0OiqrdJ1rusSi8K8MbWD4g8MJ00TFgs_nkfVd6dzuWVvZjIp4GqmlMxfJDTw8ZjEu0NXpTs',
    dp: 'icrOMqlnbkIwOZSB-XuPG37h9GoNiuGjgM0Q6ZNlsTRybgOXzT3tKtHoSr3kpKnvJQmMGhBbLZlvUKAATIWjDvXHvv4zxHSp1DQLqTUJkaNy9AVW52AL-q4vlHGnHcMhiqRfglyp4KEsLChNcvdG50fD3laUySubQjc2CQcIe7U',
    dq: 'FVtLOyR7BkLiq8RWW5apS4NIMisJ7AGgTWXwiQUaBY_YKd3oQN4JcPGKh0SsA5LOz5jZgU__FUS-ajQTcLa-Wd8O4sV2jLIuzIze4YiEyRU0D1PHVb2NRSRKOzJQNB7m2l7GX2t3hx3iRgWK_EKTMJGf6tGb3HXrbH0xa0ED9_U',
    qi: 'Dcg7KkplUs_AW9CLHSh-pfOIDuertgR0ZhA9WKDYkApHyGBf-n3LVhdbIxeFvVtgvbAwu9-E9gTJiDnKkH7wdUcXwHciP5RG0fqTFgBIiEKGOrZjhre-lUUto-Uk0QgRb3Et6LAyS7EsZbjSyw0IaDYRlAE-_AJvV4z1s4_McwY',
  }),
  aliceEd25519: testKey('aliceEd25519', 'Ed25519', {
    crv: 'Ed25519',
    d: 'BNian-skPll-HlP11k2Nk4w-KoRYNG3AffXhnBt9yUg',
    x: '7FKXX-eBhhxiFIRDw1qEMDSscDq7irch2lA40g5RDjw',
    kty: 'OKP',
  }),
  issuer: testKey('issuer', 'ES256', {
    kty: 'EC',
    x: 'mwfBw6dmuIDsyA0_hpHnwzLVnHWt7GXNATAdQD5TLdc',
    y: 'el4frNaI1h2xEMjISULJxwXfTa3QHLlT04AN78XYeI0',
    crv: 'P-256',
    d: 'kMGcBoY4EnjRZfTvR1bMYmWGxiciJN_FQDRu0BX1Ic8',
  }),
  issuerNext: testKey('issuerNext', 'ES256', {
    kty: 'EC',
    x: 'r6Gw-vTI55JU05bs1EzHkuKNLr96jEaXvgYnmLMIz8o',
    y: 'rRKWfUNvz01unMbMvrfgN8vlT95dbi3cAFxLxTu7CiY',
    crv: 'P-256',
    d: 'OkOCmmsNT0DVoq3_K3_Oq75QrSqp2oNKRAOfTaxz1KA',
  }),
  issuerRsa: testKey('issuerRsa', 'RS256', {
    kty: 'RSA',
    n: '9BAjNOTeFyRS2wPipo0GIAQrfKOdqFfXLYBlsPnZpDBkgMHwMGeHAVVOudQ-56YSRBtd9y4AwQ67V4QFbepUrP8OBMYwTdRbyaxPbW03c5CdI0n9sHOsklgvouwB-xQ_wtgVNoCL40vMPxpNxRrpqGUBrGipYEBA4BUXA3cF7TnQP71kLTietZ4IztxAOC3ymdZdFKz4-En6SASRSpcDnlt3rA7Yttl_BOXsfsHTlHDNIVKDjvum31zwkWU1jeWECZXfUQEdwXRPFcSvM4Uphf9XappEPiEVTWHTXzQjWnJTmy4CFvu7zFH1YWEpbkDgdS7AQ6DOwtY0ZTU_-xFEMw',
    e: 'AQAB',
    d: 'WVpdIVzXKH7ObMuv240O3ILaTu_x5PN_3nM_B7t5YGCtMuyN3JLSfPz37RXVD-cfkdq5HKk1cnjLwr8dY7_iT1GzlrDed2gTULLqg2P0ZLVhqk1I-SRoXk215v5jvUINE-8bWRBX5pfWB5ZAObTgLZwJME9DD2-GsONXwRd-znngik8RlvPkG0oyj2p4hTck5bYmaQZlltN8_VSvUD2GHztMaiBGoBONDDFX8CIKhbw5d1fQgdrkL3GFj0tyIu3gVVyhiA3FYfKqN7O7u0HQVoXQbuypG0pJMSP-15TV01JdG4YYEi7ieaFNLA00tLUHzYQYwTCFCCpzr25G3A9jvQ',
    p: '-yFgzd1K3rtXxA3zLihSpDMdJe5ZQkoHiW3IeU0alRfhhcKapv2EB8-q1IlQ_w_jCdE9XjAIV6GW2JYaMixtfSXKsZJfHCT5yheiC85EJMzmdUqZ9N6uEaAB1xbfNzs9yHSAsqSaWKZ6_6ThwuFqsL2-J77tE3nSKi_NmuAR8R8',
    q: '-MutQWM9pfPhU1OzrOmdfw5Uv-TrWnuRUUcht489QODSWJSeQvkOTx6r1QHt_5Z8lTLCeXoqCeFaFfIYho24gA-514ArhuHg0qGT0lYaTDCBAKy7Teq_LzyK2cFKZHpoFsTNkZhX2jQyrXJBPgnsjLed8EGkF83mYqvQ5aL9Jm0',
    dp: 'DmxYVvqCtlAkNkpm0RvXwz58ShVqYvhFfosjnHPlNvLsLPaEU1r0Hk67DQHl-QA8le_CiopPsFjDhST51C_hCfMFtTUm6ULmZcj9sZfjKgnqoonqVboEXVbHREc4AsAQSFcInTn-82B8Z_pcTQkNS6FaLoY0r42rmGiuclq0LRk',
    dq: 'n8T8X-9BGZ9B5ebsjXAAiiVD229AjHyp104coupDZbR6oBPghhW2UKzboBB7LBURsCZGqQgAkxO6bDlp8o50Gxj-ORu_2ACaBelpKjvM63yCe1Jxfhnv6H-ykyADi_7ndSew83ynfiLjIGss5pAs7jjEHhOpMvgwqNC5d55xfwk',
    qi: '5VShy7jY6LhVkHyySuf-UsS3FbGpRan9N-Qet-8SUb802m5svP-csKEUTNoCi2AEsZNL_ry1wzPDtm01dwxw5_3D1ueBXXfoq3W9rAZDZj0kpKDD-3fLtXnoGtfLtiMorjWnnkfT9KuAANPPVE7yUAJv3AtRUl9OShJJKroTtVM',
  }),
  otherIssuer: testKey('otherIssuer', 'ES256', {
    kty: 'EC',
    x: 'eWZv2t7xWDiTf8q726VqnTOWx9QB7Ydoi_Jn-vnEqbM',
    y: 'zsNarxLJGuKEBX_ZxTmsxBBuxZ6jW7Z3PmEvSzy62wU',
    crv: 'P-256',
    d: 'fMInfDHyl3Emga9bw36r9zWNSdcy0lLq4SrA5fj3vbw',
  }),
};
