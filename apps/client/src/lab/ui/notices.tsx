import type { JSX } from 'preact';
import type { Lab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';

/** What the visitor has to know: what failed and the way on, and that nothing is kept. */
export function Notices({ lab }: { readonly lab: Lab }): JSX.Element {
  const { fault, isMemoryOnly } = lab;
  return (
    <div class="notices">
      {isMemoryOnly && (
        <p role="status" class="notice" id="memory-only">
          {TEXTS.notices.memoryOnly}
        </p>
      )}
      {fault && (
        <div role="alert" class="fault" id="fault">
          <p>{fault.sentence}</p>
          {fault.wayOn === 'retry' && (
            <button type="button" onClick={lab.retry}>
              {TEXTS.retry}
            </button>
          )}
          {fault.wayOn === 'sign-in-here' && (
            <button type="button" onClick={lab.signInHere}>
              {TEXTS.signIn.redirectButton}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
