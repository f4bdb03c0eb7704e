import type { Note } from '../src/format.ts';

/** What the flags of the cases mean. */
export const NOTES: Readonly<Record<string, Note>> = {
  KeylessForgery: {
    bugType: 'KNOWN_BUG',
    description: 'The proof was made without any private key, for a public key that needs none.',
    effect: 'Possession of nothing passes for possession of a key.',
    links: ['RFC 9449 §4.3', 'RFC 9449 §11.6', 'RFC 8725 §3.4'],
  },
  OtherSpelling: {
    bugType: 'MALLEABILITY',
    description: 'The same bytes in another base64url spelling.',
    effect:
      'One key gets two thumbprints, one proof two texts: stores and comparisons miss the repetition.',
    links: ['RFC 7515 §2', 'RFC 4648 §3.5'],
  },
  DuplicateMember: {
    bugType: 'SPEC_AMBIGUITY',
    description: 'A JSON object names a member twice.',
    effect: 'Two parsers in a chain see two different values.',
    links: ['RFC 7515 §4', 'RFC 8259 §4'],
  },
  Downgrade: {
    bugType: 'MISSING_STEP',
    description: 'A bound token is presented in a way that needs no key.',
    effect: 'A stolen token is usable by whoever has it.',
    links: ['RFC 9449 §7.2'],
  },
  Oversize: {
    bugType: 'DOS',
    description: 'Input that costs the verifier far more than its sender.',
    links: ['RFC 9449 §11.1'],
  },
  ForeignSignature: {
    bugType: 'SPEC_AMBIGUITY',
    description: 'A good signature that not every good verifier takes.',
    links: ['RFC 8032 §5.1.7'],
  },
};
