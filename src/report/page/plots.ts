/** Plots by Vega, from specs that the report compiled: no expression of theirs is ever evaluated as code. */

import { readJson } from './blocks.js';
import type { OutputFacts } from './data.js';
import { vega } from './libraries.js';
import { count } from './text.js';
import { colour } from './theme.js';

type Bin = OutputFacts['histogram'][number];

interface Specs {
  parity: object;
  histogram: object;
}

let specs: Specs | undefined;

/** Room for the axes beside the plot itself. */
const AXES = 60;

export async function parity(place: HTMLElement, points: [number, number][], original: string): Promise<void> {
  const values = points.map(([expected, got]) => ({ original: expected, model: got, difference: got - expected }));
  const all = points.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  await draw(place, 'parity', { points: values, diagonal: [{ at: low }, { at: high }] }, { xTitle: original });
}

export async function histogram(place: HTMLElement, bins: Bin[]): Promise<void> {
  const values = bins.map((bin) => ({
    label: binLabel(bin),
    rows: bin.rows,
    text: bin.rows > 0 ? count(bin.rows) : '',
  }));
  await draw(place, 'histogram', { bins: values }, {});
}

export function binLabel({ above, upTo }: Bin): string {
  if (above === null) return upTo === null ? 'any' : upTo === 0 ? '0' : `≤ ${short(upTo)}`;
  return upTo === null ? `> ${short(above)}` : `≤ ${short(upTo)}`;
}

/** 0.0000001 as `1e-7`, 0.001 as it is. */
function short(value: number): string {
  return value < 0.001 ? value.toExponential() : String(value);
}

async function draw(
  place: HTMLElement,
  kind: keyof Specs,
  data: Record<string, object[]>,
  signals: Record<string, unknown>,
): Promise<void> {
  specs ??= readJson<Specs>('plots');
  const { vega: library, expr } = await vega();
  // Vega says of its container what it is; the place around it says what it shows.
  const container = place.appendChild(document.createElement('div'));
  const view = new library.View(library.parse(specs[kind], themed(), { ast: true }), {
    expr,
    renderer: 'svg',
    container,
    hover: false,
    logLevel: library.Error,
  });
  const width = Math.max(140, Math.min(420, place.clientWidth - AXES));
  view.width(width).height(kind === 'parity' ? Math.min(240, width) : 200);
  view.signal('dot', colour('accent')).signal('line', colour('dim'));
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  for (const [name, rows] of Object.entries(data)) view.data(name, rows);
  await view.runAsync();
}

function themed(): object {
  const font = getComputedStyle(document.body).fontFamily;
  const [ink, dim, rule] = [colour('ink'), colour('dim'), colour('rule')];
  return {
    axis: {
      domainColor: rule,
      gridColor: rule,
      tickColor: rule,
      labelColor: dim,
      titleColor: dim,
      labelFont: font,
      titleFont: font,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
    },
    style: {
      'group-title': { fill: ink },
      bar_label: { fill: dim, font },
      cell: { fill: 'transparent', stroke: rule },
    },
  };
}
