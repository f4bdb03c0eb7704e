/** What cannot be judged from a pasted request, or not here. One sentence each. */
export const NOTES = {
  nothing: 'There is neither an Authorization field nor a DPoP field to look at.',
  method: 'The method of the request is missing, and a proof is made for one method.',
  url: 'The absolute URL of the request is missing, and a proof is made for one URL.',
  insecure: 'Tokens travel over https; plain http is for this machine itself.',
  replay: 'One request does not tell whether its proof was used before; the server remembers that.',
  nonce:
    'Whether the server demands a nonce, and which, only the server knows; none is demanded here.',
  route: 'Which scope is needed, and whether the token was revoked, only the server knows.',
  whenMade:
    'The clock was set to the moment the proof says it was made; the server looks at its own.',
  noMoment: 'There is no proof that says when it was made, so the clock shows the present.',
  strayProof: 'The DPoP field is not looked at: with Bearer a server may ignore it or refuse it.',
  foreign:
    'The signature of the token was not checked, since the keys of its issuer are not here; what the token says is taken as it stands.',
  opaque:
    'The token is opaque: what it says, and which key it is bound to, only its issuer can tell.',
  unboundForeign:
    'The token names no key. A server that asks the issuer about it (RFC 7662) may learn of one.',
  bearerForeign:
    'Without the keys of its issuer nothing tells a good bearer token from a made-up one.',
  unavailable: 'The check could not be made here.',
} as const;
