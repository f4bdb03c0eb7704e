import { formatNumber } from '../columns.ts';
import type { Circumstances } from '../report.ts';
import type { Result, TableResult } from '../result.ts';
import { inverse, type Spread } from '../spread.ts';
import { formatEntrant } from '../table.ts';
import { type Bar, drawPanel, type Panel, panelHeight, WIDTH } from './bars.ts';
import { element, label } from './svg.ts';

// A background of its own, so that it reads the same on a page whose colours the picture cannot know.
const STYLE = `
svg { --page: #ffffff; --edge: #d0d7de; --text: #1f2328; --quiet: #59636e;
  --ours: #1a7f37; --limit: #8c959f; --peer: #a9c7f5; --mark: #59636e; }
@media (prefers-color-scheme: dark) { svg { --page: #0d1117; --edge: #3d444d; --text: #f0f6fc;
  --quiet: #9198a1; --ours: #3fb950; --limit: #656c76; --peer: #2f5a94; --mark: #9198a1; } }
text { font: 13px ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: var(--text); }
.title { font-size: 18px; font-weight: 600; } .heading { font-size: 14px; font-weight: 600; }
.quiet { font-size: 12px; fill: var(--quiet); } .name { text-anchor: end; }
text.ours { font-weight: 600; fill: var(--ours); } text.limit { fill: var(--quiet); }
.page { fill: var(--page); stroke: var(--edge); }
.bar.ours { fill: var(--ours); } .bar.limit { fill: var(--limit); } .bar.peer { fill: var(--peer); }
.mark { stroke: var(--mark); stroke-dasharray: 4 3; } .spread { stroke: var(--text); stroke-opacity: 0.6; }
`;

const TOP = 76;
const GAP = 26;
const FOOT = 40;

/** A table as a panel needs it. */
export type ChartTable = Pick<TableResult, 'inFlight'> & {
  readonly results: readonly Omit<Result, 'samples'>[];
};

/**
 * What a DPoP request costs, as a picture.
 *
 * @param tables - one at a time or several in flight, with the limit first; each becomes a panel
 */
export function createChart(tables: readonly ChartTable[], circumstances: Circumstances): string {
  const panels: string[] = [];
  let end = TOP;
  for (const table of tables) {
    const panel = table.inFlight === undefined ? latencyPanel(table) : throughputPanel(table);
    panels.push(drawPanel(panel, end));
    end += panelHeight(panel) + GAP;
  }
  const height = end - GAP + FOOT;
  const content = [
    element('title', {}, 'What a DPoP request costs'),
    element('style', {}, STYLE),
    element('rect', {
      class: 'page',
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: height - 1,
      rx: 6,
    }),
    label('What a DPoP request costs', { class: 'title', x: 24, y: 36 }),
    label('ES256 token and proof; token and key known to the server, proof never seen', {
      class: 'quiet',
      x: 24,
      y: 56,
    }),
    ...panels,
    label(footnote(circumstances), { class: 'quiet', x: 24, y: height - 16 }),
  ];
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
    },
    `\n${content.join('\n')}\n`,
  )}\n`;
}

function latencyPanel({ results }: ChartTable): Panel {
  return {
    heading: 'One at a time: microseconds a request',
    subheading: 'shorter is better; in brackets, times one raw signature check',
    bars: results.map((result, i) => bar(result, i, result.microseconds, result.timesLimit)),
    format: (value) => `${value.toFixed(0)} µs`,
  };
}

function throughputPanel({ results, inFlight }: ChartTable): Panel {
  // The default stands for ours; what the other settings do is in the tables.
  const shown = results.filter(({ name }) => !/^keybound, (main|pool)$/.test(name));
  return {
    heading: `${inFlight} in flight: requests a second`,
    subheading: 'longer is better; in brackets, times raw signature checks one after the other',
    bars: shown.map((result, i) =>
      bar(result, i, inverse(result.microseconds, 1e6), inverse(result.timesLimit)),
    ),
    format: (value) => `${Math.round(value).toLocaleString('en').replaceAll(',', ' ')}/s`,
  };
}

function bar(result: Omit<Result, 'samples'>, index: number, value: Spread, times: Spread): Bar {
  const role = roleOf(result);
  return {
    // Ours is the default, and called what it is installed as.
    name:
      index === 0
        ? 'limit: the signature alone'
        : role === 'ours'
          ? 'keybound'
          : formatEntrant(result),
    value,
    role,
    note: index === 0 ? '' : ` (${formatNumber(times.median)} ×)`,
  };
}

function roleOf({ name, isBare }: Omit<Result, 'samples'>): Bar['role'] {
  if (isBare) return 'limit';
  return name.startsWith('keybound') ? 'ours' : 'peer';
}

function footnote({ node, cpu, cores, poolThreads, rounds }: Circumstances): string {
  return `Medians and p10–p90 of one run of ${rounds} rounds · Node ${node} · ${cpu}, ${cores} cores, ${poolThreads} pool threads`;
}
