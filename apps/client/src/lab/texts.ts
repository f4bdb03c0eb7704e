/** Every text of the lab but the stories, which the command line tells in the same words. */
export const TEXTS = {
  title: 'Keybound lab',
  tagline: 'Steal these tokens.',
  intro:
    'The same access, carried in five ways. Sign in, be the thief, and watch each request go over the wire: what lets it in, what stops it, and which check that was. Real servers, real requests, and a thief on another origin.',
  skip: 'Skip to the table',
  loading: 'Opening the lab …',
  navigation: {
    label: 'Parts of this page',
    lab: 'Lanes',
    limits: 'Limits',
    inspector: 'Inspector',
  },

  signIn: {
    title: '1. Sign in',
    why: 'Code flow with PKCE and a pushed request, as a public client. Your key is made in this browser and cannot be exported from it. You allow three clients: one whose tokens are bound to that key, one with JWT bearer tokens, one with opaque bearer tokens.',
    account: (username: string, password: string): string =>
      `Demonstration account: ${username}, password ${password}`,
    button: 'Sign in',
    redirectButton: 'Sign in on this page',
    step: (step: number): string =>
      `Waiting for you in the other window (sign-in ${step}): sign in there and allow access.`,
    done: 'Signed in. The tokens of three lanes and one key are in this browser.',
    keyLabel: 'Thumbprint of your key',
    signOut: 'Sign out',
    signedOut: 'Signed out; the tokens are revoked and forgotten.',
    windowDone: 'You are signed in. You can close this window.',
  },

  play: {
    title: '2. Be the thief',
    hint: 'Run one story or all of them. Open any cell to see the requests and the checks.',
    runAll: 'Run all',
    again: 'Run all again',
    run: (title: string): string => `Run: ${title}`,
    runShort: 'Run',
    needsSignIn: 'Sign in first; the thief needs something to steal.',
    running: 'Running',
    doneAll: 'Done. Every cell is as it must be.',
    doneFault: 'Done. Cells that are not as they must be are framed.',
    measuring: 'Measuring what each lane costs',
    opening: 'Opening the lanes: Alice signs in for stories about codes and refresh tokens',
    noPerson:
      'stories with fresh sign-ins are played for the published account of the demonstration only',
    scenarioHeading: 'Story',
    openCell: (story: string, lane: string, outcome: string): string =>
      `${story}, ${lane}: ${outcome}. Open the requests`,
    notRun: 'not run yet',
    notApplicable: 'does not apply',
    withSecret:
      'Played by the server of the lab: this story is about a client with a secret, and a page cannot keep one.',
  },

  limits: {
    title: '3. What this does not stop',
    intro:
      'Binding a token to a key makes a copy of it worthless elsewhere. It does nothing about these. Whoever promises more is selling something.',
    remedies: [
      [
        'Script that signs in place',
        'Injected script can use the key where it is, as long as the page is open. Keep it out: a strict content security policy, no foreign script, short tokens.',
      ],
      [
        'A stolen key file',
        'A copied private key is the client. Keys that cannot be exported, hardware, key management services; revoke the grant when it happens.',
      ],
      [
        'An altered body',
        'A proof covers method, URI, time and token, neither body nor query. TLS to the end, or HTTP Message Signatures (RFC 9421).',
      ],
    ],
  },

  costs: {
    title: 'What it costs',
    hint: 'Measured in this browser and at this API, a few dozen requests each, when all stories are run. Nothing to quote; the benchmarks of the repository are for that.',
    heading: 'Cost',
  },

  desk: {
    title: "The attacker's desk",
    intro: (origin: string): string =>
      `A page of another origin, ${origin}. It gets what leaks and sends it from there. Nothing but its own key and what was leaked is at its disposal.`,
    frameTitle: "The attacker's desk, a page of another origin",
    empty: 'Nothing has leaked yet.',
    holds: 'Holds',
    sent: 'Sent from here',
    again: 'Send it again as it is',
    ownKey: 'Send it with a key of my own',
    unreachable: 'The server did not answer the thief.',
    status: (status: number): string => `answered with status ${status}`,
  },

  exchange: {
    close: 'Close',
    expected: 'What must happen',
    served: 'let in',
    byClient: 'The client sends',
    byThief: 'The thief sends, from another origin',
    request: 'Request',
    response: 'Response',
    held: 'Held back: no server ever saw it.',
    token: 'Access token, decoded',
    opaque: 'The access token is opaque: only the server that issued it knows what is in it.',
    proof: 'DPoP proof, decoded',
    checks: 'Checks, in the order in which they are made',
    passed: 'passed',
    failed: 'failed',
    notReached: 'not reached',
    unknown: 'not checked here',
    reason: 'Reason',
    none: 'No request of this story went over the wire from this page.',
  },

  inspector: {
    title: '4. Inspect a request',
    intro:
      'Paste the Authorization and DPoP fields of any request, or a curl line. Our verifier runs here in the page: nothing you paste is sent anywhere.',
    paste: 'Header fields or a curl line',
    method: 'Method',
    url: 'URL the request went to',
    at: 'Judge it',
    now: 'as of now',
    whenMade: 'as of when the proof was made',
    button: 'Inspect',
    sample: 'Use the last request of the DPoP lane',
    verdicts: {
      accepted: 'Our verifier lets this in',
      acceptedUnverified: 'Nothing is wrong with the proof; the token itself was not verified',
      refused: 'Our verifier refuses this',
      unreadable: 'This cannot be read as a request',
    },
    facts: 'What was measured',
    notes: 'To know',
    needUrl: 'Give the method and the absolute URL the request went to.',
  },

  notices: {
    memoryOnly:
      'This browser does not let the lab keep anything (storage is off, full, or cannot hold keys). Everything works, but ends with this page: you will have to sign in again next time.',
  },

  faults: {
    issuer_down:
      'The authorization server does not answer. Is it running? Nothing is lost; try again when it is back.',
    resource_down:
      'The API does not answer. Is it running? You stay signed in; try again when it is back.',
    consent_denied:
      'You did not allow access, so there is nothing to steal. Nothing was stored. Sign in again when you want to.',
    window_blocked:
      'Your browser did not open a window for the sign-in. Allow windows for this page, or sign in on this page instead.',
    window_closed:
      'The sign-in window was closed before you were done. Sign in again; what you have allowed so far is kept.',
    signed_out:
      'You are signed out: another tab signed out, or the tokens were revoked. Sign in again to go on.',
    answer_mismatch:
      'The answer of the authorization server does not belong to a sign-in of this browser. It was thrown away. Sign in again.',
    revocation_failed:
      'You are signed out here, but the authorization server could not be told. The tokens end there by themselves in a moment.',
    clock:
      'The clock of this computer and those of the servers differ too much. Set it right, then try again.',
    lab_down: "The lab's own server does not answer. Is it running? Try again when it is back.",
    unknown: (words: string): string =>
      `Something failed that the lab has no words for: ${words}. Try again.`,
  },
  retry: 'Try again',
} as const;
