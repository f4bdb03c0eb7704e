import { jwkThumbprint } from '@keybound/core';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';

/** Signing in and out, and the key of this browser. */
export function SignInPanel({ lab }: { readonly lab: Lab }): JSX.Element {
  const { phase, config, visitor } = lab;
  const [thumbprint, setThumbprint] = useState('');
  useEffect(() => {
    if (visitor === undefined) return;
    Promise.resolve(jwkThumbprint(visitor.signer.publicJwk)).then(setThumbprint);
  }, [visitor]);

  return (
    <section aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{TEXTS.signIn.title}</h2>
      {phase === 'loading' && <p role="status">{TEXTS.loading}</p>}
      {phase === 'ready' ? (
        <>
          <p>{TEXTS.signIn.done}</p>
          <p class="facts">
            {TEXTS.signIn.keyLabel}: <code id="thumbprint">{thumbprint}</code>
          </p>
          <button type="button" disabled={lab.isRunning} onClick={lab.signOut}>
            {TEXTS.signIn.signOut}
          </button>
        </>
      ) : (
        <>
          <p>{TEXTS.signIn.why}</p>
          {config?.account && (
            <p class="facts">
              {TEXTS.signIn.account(config.account.username, config.account.password)}
            </p>
          )}
          <div class="actions">
            <button
              type="button"
              class="primary"
              disabled={visitor === undefined || phase === 'signing-in'}
              onClick={lab.signIn}
            >
              {TEXTS.signIn.button}
            </button>
            {!lab.isMemoryOnly && (
              <button
                type="button"
                disabled={visitor === undefined || phase === 'signing-in'}
                onClick={lab.signInHere}
              >
                {TEXTS.signIn.redirectButton}
              </button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
