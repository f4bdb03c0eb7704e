/** A note as the client adds it. */
export const NEW_NOTE = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: 'Buy milk.' }),
} satisfies RequestInit;

/** What a thief writes instead. */
export const FORGED_NOTE: string = JSON.stringify({ text: 'Pay Mallory.' });
