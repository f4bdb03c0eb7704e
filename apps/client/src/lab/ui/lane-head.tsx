import type { JSX } from 'preact';
import { LANES } from '../../comparison/lanes.ts';

/** The head of a table with a column for each lane. */
export function LaneHead({ first }: { readonly first: string }): JSX.Element {
  return (
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col">
          {first}
        </th>
        {LANES.map(({ id, title }) => (
          <th role="columnheader" scope="col" key={id}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
