import type { Spread } from '../spread.ts';
import { element, label } from './svg.ts';

/** One bar: a contender and what was measured of it. */
export interface Bar {
  readonly name: string;
  readonly value: Spread;
  /** How the bar is coloured, a class of the style sheet. */
  readonly role: 'limit' | 'ours' | 'peer';
  /** Behind the value, in words. */
  readonly note: string;
}

/** Bars of one unit under a heading; the limit is drawn through all of them. */
export interface Panel {
  readonly heading: string;
  readonly subheading: string;
  readonly bars: readonly Bar[];
  format(value: number): string;
}

export const WIDTH = 860;
const LEFT = 24;
/** Where the names end and the bars begin. */
const ORIGIN = 256;
/** As long as the longest bar gets; the rest of the line is for its value. */
const LONGEST = 400;
const HEADING_HEIGHT = 56;
const BAR_PITCH = 30;
const BAR_HEIGHT = 20;

/** How much of the chart's height a panel takes. */
export function panelHeight({ bars }: Panel): number {
  return HEADING_HEIGHT + bars.length * BAR_PITCH;
}

/** A panel whose upper edge is at `top`. */
export function drawPanel(panel: Panel, top: number): string {
  const scale = LONGEST / Math.max(...panel.bars.map(({ value }) => value.p90));
  const first = top + HEADING_HEIGHT;
  return [
    label(panel.heading, { class: 'heading', x: LEFT, y: top + 18 }),
    label(panel.subheading, { class: 'quiet', x: LEFT, y: top + 38 }),
    ...panel.bars.map((bar, i) => drawBar(bar, first + i * BAR_PITCH, scale, panel.format)),
    drawLimit(panel, first, scale),
  ].join('\n');
}

function drawBar(bar: Bar, y: number, scale: number, format: Panel['format']): string {
  const { median, p10, p90 } = bar.value;
  const middle = y + BAR_HEIGHT / 2;
  const end = ORIGIN + p90 * scale;
  return [
    label(bar.name, { class: `name ${bar.role}`, x: ORIGIN - 8, y: middle + 5 }),
    element('rect', {
      class: `bar ${bar.role}`,
      x: ORIGIN,
      y,
      width: Math.max(median * scale, 1),
      height: BAR_HEIGHT,
      rx: 2,
    }),
    line('spread', ORIGIN + p10 * scale, middle, end, middle),
    label(`${format(median)}${bar.note}`, {
      class: `value ${bar.role}`,
      x: end + 8,
      y: middle + 5,
    }),
  ].join('\n');
}

function drawLimit({ bars }: Panel, first: number, scale: number): string {
  const limit = bars.find(({ role }) => role === 'limit');
  if (limit === undefined) return '';
  const x = ORIGIN + limit.value.median * scale;
  return line('mark', x, first - 5, x, first + bars.length * BAR_PITCH - 5);
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return element('line', { class: name, x1, y1, x2, y2 });
}
