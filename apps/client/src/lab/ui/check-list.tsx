import type { JSX } from 'preact';
import type { CheckState, TickedCheck } from '../../inspector/checks.ts';
import { TEXTS } from '../texts.ts';

const { exchange: texts } = TEXTS;

const MARKS: Readonly<Record<CheckState, readonly [mark: string, words: string]>> = {
  passed: ['✓', texts.passed],
  failed: ['✗', texts.failed],
  'not-reached': ['·', texts.notReached],
  unknown: ['?', texts.unknown],
};

/** The checks in the order in which they are made, with the one that stopped the request. */
export function CheckList(props: {
  readonly checks: readonly TickedCheck[];
  /** The name of the one that failed, and what the server says to the client about it. */
  readonly reason?: string | undefined;
  readonly sentence?: string | undefined;
}): JSX.Element {
  return (
    <div class="checks">
      <h4>{texts.checks}</h4>
      <ol>
        {props.checks.map(({ id, title, section, words, state }) => (
          <li key={id} class={`check ${state}`}>
            <span class="mark" aria-hidden="true">
              {MARKS[state][0]}
            </span>
            <span>
              <strong>{title}</strong> <span class="section">{section}</span>{' '}
              <span class="unseen">{MARKS[state][1]}</span>
              {state === 'failed' && (
                <span class="words">
                  <code>{props.reason}</code> {words} {props.sentence}.
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
