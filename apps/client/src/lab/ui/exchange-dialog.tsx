import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LaneId } from '../../comparison/lanes.ts';
import type { Scenario } from '../../comparison/scenarios/scenario.ts';
import type { Played } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';
import { ExchangeView } from './exchange-view.tsx';

const { exchange: texts } = TEXTS;

/** Everything that went over the wire for one cell, in a dialogue. */
export function ExchangeDialog(props: {
  readonly scenario: Scenario;
  readonly lane: string;
  readonly laneId: LaneId;
  readonly played: Played;
  readonly onClose: () => void;
}): JSX.Element {
  const { scenario, lane, laneId, played, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const expected = scenario.expected[laneId];
  return (
    <dialog ref={dialog} class="exchange" aria-labelledby="exchange-title" onClose={onClose}>
      <div class="dialog-head">
        <h2 id="exchange-title">
          {scenario.title} · {lane}
        </h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
      <p>{scenario.story}</p>
      <p class="facts">
        {texts.expected}: <code>{expected === 'served' ? texts.served : expected}</code>
      </p>
      {played.exchanges.length === 0 && (
        <p>{scenario.id === 'key-change' ? TEXTS.play.withSecret : texts.none}</p>
      )}
      {played.exchanges.map((exchange, index) => (
        <ExchangeView key={index} exchange={exchange} demandsNonce={laneId === 'dpop-nonce'} />
      ))}
    </dialog>
  );
}
