import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { LANES, type LaneId } from '../../comparison/lanes.ts';
import type { Scenario } from '../../comparison/scenarios/scenario.ts';
import { SCENARIOS } from '../../comparison/scenarios.ts';
import { useLab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';
import { CostTable } from './cost-table.tsx';
import { DeskFrame } from './desk-frame.tsx';
import { ExchangeDialog } from './exchange-dialog.tsx';
import { Header } from './header.tsx';
import { Inspector } from './inspector.tsx';
import { Notices } from './notices.tsx';
import { SignInPanel } from './sign-in-panel.tsx';
import { StoryTable } from './story-table.tsx';

/** A cell somebody is looking into. */
interface Opened {
  readonly scenario: Scenario;
  readonly lane: LaneId;
}

/** The whole page. */
export function App(): JSX.Element {
  const lab = useLab();
  const [opened, setOpened] = useState<Opened>();
  const isReady = lab.phase === 'ready';
  const played = opened && lab.results[opened.scenario.id]?.[opened.lane];
  const lastBound = Object.values(lab.results)
    .flatMap((row) => row.dpop?.exchanges ?? [])
    .findLast(({ request }) => request.headers.dpop !== undefined && request.headers.authorization);

  const table = (kinds: readonly Scenario['kind'][]): JSX.Element => (
    <StoryTable
      stories={SCENARIOS.filter(({ kind }) => kinds.includes(kind))}
      lab={lab}
      onOpen={(scenario, lane) => setOpened({ scenario, lane })}
    />
  );

  return (
    <>
      <Header />
      <main id="main">
        <p class="tagline">{TEXTS.tagline}</p>
        <p class="intro">{TEXTS.intro}</p>
        <Notices lab={lab} />
        <SignInPanel lab={lab} />
        <section id="lanes" aria-labelledby="lanes-title">
          <h2 id="lanes-title">{TEXTS.play.title}</h2>
          <p>{isReady ? TEXTS.play.hint : TEXTS.play.needsSignIn}</p>
          <div class="actions">
            <button
              type="button"
              class="primary"
              disabled={!isReady || lab.isRunning}
              onClick={() => lab.run(SCENARIOS)}
            >
              {Object.keys(lab.results).length > 0 ? TEXTS.play.again : TEXTS.play.runAll}
            </button>
            <p role="status" class="progress">
              {lab.progress}
            </p>
          </div>
          {table(['honest', 'theft'])}
        </section>
        <DeskFrame lab={lab} />
        <section id="limits" class="limits" aria-labelledby="limits-title">
          <h2 id="limits-title">{TEXTS.limits.title}</h2>
          <p>{TEXTS.limits.intro}</p>
          <dl class="remedies">
            {TEXTS.limits.remedies.map(([name, remedy]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{remedy}</dd>
              </div>
            ))}
          </dl>
          {table(['limit'])}
        </section>
        <CostTable lab={lab} />
        <Inspector lab={lab} sample={lastBound} />
      </main>
      {opened && played && (
        <ExchangeDialog
          scenario={opened.scenario}
          lane={LANES.find(({ id }) => id === opened.lane)?.title ?? ''}
          laneId={opened.lane}
          played={played}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
