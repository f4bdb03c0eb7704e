import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Lab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';

/** The attacker's desk: a page of another origin, in a frame. */
export function DeskFrame({ lab }: { readonly lab: Lab }): JSX.Element {
  const { config, attachDesk } = lab;
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => attachDesk(frame.current), [config]);
  return (
    <section aria-labelledby="desk-title">
      <h2 id="desk-title">{TEXTS.desk.title}</h2>
      {config && (
        <>
          <p>{TEXTS.desk.intro(config.deskOrigin)}</p>
          <iframe
            ref={frame}
            class="desk-frame"
            title={TEXTS.desk.frameTitle}
            src={`${config.deskOrigin}/desk.html`}
          />
        </>
      )}
    </section>
  );
}
