import type { AuthReason } from '@keybound/core';

/** What a check looks at. */
export type CheckSubject = 'request' | 'token' | 'proof' | 'binding';

/** One check that our verifiers make of a request at a resource server. */
export interface Check {
  /** Stable and in kebab case, for elements of a page. */
  readonly id: string;
  readonly title: string;
  /** Where the standards ask for it; the number in brackets is the one of the list there. */
  readonly section: string;
  /** One plain sentence: what it guards against. */
  readonly words: string;
  /**
   * The refusals it can end in. A form that turns out wrong later than the check it belongs to (an
   * unreadable payload, an EC point off its curve) is counted there nevertheless, since the reason does
   * not tell when it was found.
   */
  readonly reasons: readonly AuthReason[];
  readonly about: CheckSubject;
  /** The only scheme whose requests meet it. @defaultValue both schemes */
  readonly only?: 'DPoP' | 'Bearer';
}
