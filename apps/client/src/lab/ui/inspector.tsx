import { systemClock } from '@keybound/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Exchange } from '../../comparison/wire.ts';
import { type Inspection, inspectRequest } from '../../inspector/inspect.ts';
import { parsePaste } from '../../inspector/parse-paste.ts';
import { fetchIssuerKeys } from '../engine/issuer-keys.ts';
import type { Lab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';
import { CheckList } from './check-list.tsx';
import { DecodedPair } from './decoded-pair.tsx';

const { inspector: texts } = TEXTS;

/** What was inspected, with the texts it was found in. */
interface Outcome {
  readonly inspection?: Inspection;
  readonly fault?: string;
  readonly token?: string | undefined;
  readonly proof?: string | undefined;
}

/** Judges a pasted request here in the page. */
export function Inspector(props: {
  readonly lab: Lab;
  /** A request to try it with. */
  readonly sample: Exchange | undefined;
}): JSX.Element {
  const { lab, sample } = props;
  const [text, setText] = useState('');
  const [method, setMethod] = useState('');
  const [url, setUrl] = useState('');
  const [at, setAt] = useState<'now' | 'when-made'>('now');
  const [outcome, setOutcome] = useState<Outcome>();

  /** What the text says itself wins over what was typed beside an older text. */
  function take(pasted: string): void {
    setText(pasted);
    const found = parsePaste(pasted);
    if ('fault' in found) return;
    if (found.method !== undefined) setMethod(found.method);
    if (found.url !== undefined) setUrl(found.url);
  }

  async function inspect(event: Event): Promise<void> {
    event.preventDefault();
    const found = parsePaste(text);
    if ('fault' in found) return setOutcome({ fault: found.fault });
    if (url === '') return setOutcome({ fault: texts.needUrl });
    const { authorization, dpop } = found;
    const issuerKeys = lab.config && (await fetchIssuerKeys(lab.config, lab.visitor?.metadata));
    const inspection = await inspectRequest({
      method: method === '' ? 'GET' : method,
      url,
      authorization,
      dpop,
      at,
      clock: systemClock,
      ...(issuerKeys && { issuerKeys }),
    });
    setOutcome({
      inspection,
      token: authorization[0]?.replace(/^\S+\s+/, ''),
      proof: dpop[0],
    });
  }

  function useSample({ request }: Exchange): void {
    const lines = ['authorization', 'dpop'].map((name) => `${name}: ${request.headers[name]}`);
    setText(lines.join('\n'));
    setMethod(request.method);
    setUrl(request.url);
  }

  return (
    <section id="inspector" aria-labelledby="inspector-title">
      <h2 id="inspector-title">{texts.title}</h2>
      <p>{texts.intro}</p>
      <form onSubmit={inspect} class="inspector-form">
        <label for="inspector-paste">{texts.paste}</label>
        <textarea
          id="inspector-paste"
          rows={6}
          spellcheck={false}
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => take(currentTarget.value)}
        />
        <div class="inspector-target">
          <div>
            <label for="inspector-method">{texts.method}</label>
            <input
              id="inspector-method"
              autocomplete="off"
              value={method}
              placeholder="GET"
              onInput={({ currentTarget }) => setMethod(currentTarget.value)}
            />
          </div>
          <div>
            <label for="inspector-url">{texts.url}</label>
            <input
              id="inspector-url"
              autocomplete="off"
              inputMode="url"
              value={url}
              onInput={({ currentTarget }) => setUrl(currentTarget.value)}
            />
          </div>
        </div>
        <fieldset>
          <legend>{texts.at}</legend>
          {(['now', 'when-made'] as const).map((choice) => (
            <label key={choice}>
              <input
                type="radio"
                name="at"
                value={choice}
                checked={at === choice}
                onChange={() => setAt(choice)}
              />{' '}
              {choice === 'now' ? texts.now : texts.whenMade}
            </label>
          ))}
        </fieldset>
        <div class="actions">
          <button type="submit" class="primary">
            {texts.button}
          </button>
          <button type="button" disabled={!sample} onClick={() => sample && useSample(sample)}>
            {texts.sample}
          </button>
        </div>
      </form>
      <div role="status" id="inspection">
        {outcome?.fault !== undefined && <p class="bad">{outcome.fault}</p>}
        {outcome?.inspection && <Verdict outcome={outcome} inspection={outcome.inspection} />}
      </div>
    </section>
  );
}

function Verdict(props: {
  readonly outcome: Outcome;
  readonly inspection: Inspection;
}): JSX.Element {
  const { verdict, issuerKnown, reason, sentence, facts, checks, notes } = props.inspection;
  const words = verdict === 'accepted' && !issuerKnown ? 'acceptedUnverified' : verdict;
  const measured = Object.entries(facts ?? {});
  return (
    <>
      <p class={verdict === 'accepted' ? 'good verdict' : 'bad verdict'}>
        {texts.verdicts[words]}
        {reason && (
          <>
            : <code>{reason}</code> {sentence}
          </>
        )}
      </p>
      {measured.length > 0 && (
        <dl class="facts">
          <dt>{texts.facts}</dt>
          {measured.map(([name, value]) => (
            <dd key={name}>
              {name}: <code>{String(value)}</code>
            </dd>
          ))}
        </dl>
      )}
      {notes.length > 0 && (
        <>
          <h3>{texts.notes}</h3>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <DecodedPair token={props.outcome.token} proof={props.outcome.proof} />
      <CheckList checks={checks} reason={reason} sentence={sentence} />
    </>
  );
}
