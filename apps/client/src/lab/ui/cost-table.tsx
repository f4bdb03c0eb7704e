import type { JSX } from 'preact';
import { LANES } from '../../comparison/lanes.ts';
import { costRows } from '../../report/words.ts';
import type { Lab } from '../engine/use-lab.ts';
import { TEXTS } from '../texts.ts';
import { LaneHead } from './lane-head.tsx';

/** What each lane costs, once it has been measured. */
export function CostTable({ lab: { costs } }: { readonly lab: Lab }): JSX.Element {
  return (
    <section aria-labelledby="costs-title">
      <h2 id="costs-title">{TEXTS.costs.title}</h2>
      <p>{TEXTS.costs.hint}</p>
      {costs.length > 0 && (
        <table role="table" class="stories costs">
          <LaneHead first={TEXTS.costs.heading} />
          <tbody role="rowgroup">
            {costRows({ costs }).map(({ title, values }) => (
              <tr role="row" key={title}>
                <th role="rowheader" scope="row">
                  {title}
                </th>
                {LANES.map(({ id, title: lane }, index) => (
                  <td role="cell" data-lane={lane} key={id}>
                    {values[index]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
