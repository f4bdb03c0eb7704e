import type { JSX } from 'preact';
import { LANES, type LaneId } from '../../comparison/lanes.ts';
import type { Scenario } from '../../comparison/scenarios/scenario.ts';
import { cellWords } from '../../report/words.ts';
import { type Lab, rowOf } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';
import { LaneHead } from './lane-head.tsx';

/** Stories down, lanes across; each cell opens the requests behind it. */
export function StoryTable(props: {
  readonly stories: readonly Scenario[];
  readonly lab: Lab;
  readonly onOpen: (scenario: Scenario, lane: LaneId) => void;
}): JSX.Element {
  const { stories, lab, onOpen } = props;
  const isReady = lab.phase === 'ready' && !lab.isRunning;
  return (
    // Roles are spelt out, because a table that is laid out as cards is no table to some readers.
    <table role="table" class="stories">
      <LaneHead first={TEXTS.play.scenarioHeading} />
      <tbody role="rowgroup">
        {stories.map((story) => (
          <tr role="row" key={story.id} id={`story-${story.id}`}>
            <th role="rowheader" scope="row">
              <span class="story-title">{story.title}</span>
              <span class="story">{story.story}</span>
              <button
                type="button"
                class="run"
                disabled={!isReady}
                aria-label={TEXTS.play.run(story.title)}
                onClick={() => lab.run([story])}
              >
                {TEXTS.play.runShort}
              </button>
            </th>
            {LANES.map((lane) => (
              <StoryCell
                key={lane.id}
                story={story}
                lane={lane}
                lab={lab}
                onOpen={() => onOpen(story, lane.id)}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StoryCell(props: {
  readonly story: Scenario;
  readonly lane: (typeof LANES)[number];
  readonly lab: Lab;
  readonly onOpen: () => void;
}): JSX.Element {
  const { story, lane, lab, onOpen } = props;
  const played = lab.results[story.id]?.[lane.id];
  if (played?.cell === undefined) {
    const applies = story.expected[lane.id] !== undefined && played === undefined;
    return (
      <td role="cell" data-lane={lane.title} class="none">
        <span aria-hidden="true">{applies ? '…' : '–'}</span>
        <span class="unseen">{applies ? TEXTS.play.notRun : TEXTS.play.notApplicable}</span>
      </td>
    );
  }
  const { text, mood } = cellWords(rowOf(story, lab.results), lane.id);
  return (
    <td role="cell" data-lane={lane.title} class={mood}>
      <button
        type="button"
        class="outcome"
        aria-label={TEXTS.play.openCell(story.title, lane.title, text)}
        onClick={onOpen}
      >
        {text}
      </button>
    </td>
  );
}
