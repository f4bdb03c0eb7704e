import type { JSX } from 'preact';
import { TEXTS } from '../texts.ts';

/** The name of the lab and the ways to its parts. */
export function Header(): JSX.Element {
  return (
    <header>
      <a class="skip" href="#lanes">
        {TEXTS.skip}
      </a>
      <h1>{TEXTS.title}</h1>
      <nav aria-label={TEXTS.navigation.label}>
        <a href="#lanes">{TEXTS.navigation.lab}</a>
        <a href="#limits">{TEXTS.navigation.limits}</a>
        <a href="#inspector">{TEXTS.navigation.inspector}</a>
      </nav>
    </header>
  );
}
