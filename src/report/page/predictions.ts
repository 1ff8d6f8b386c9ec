/** The original's predictions beside the model's, output by output. */

import { confusionTable } from './confusion.js';
import type { EvidenceFacts, ModelFacts, OutputFacts } from './data.js';
import { h, named } from './dom.js';
import { binLabel, histogram, parity } from './plots.js';
import { dataTable, section, wide } from './section.js';
import { count, difference, plural } from './text.js';

/** Outputs that are drawn at once: of many classes the first tell most. */
const MOST_DRAWN = 4;

/** `current` is false once another model is open. */
export function predictionsSection(
  { outputs, outputsLeft }: EvidenceFacts,
  facts: ModelFacts,
  current: () => boolean,
): HTMLElement | null {
  if (outputs.length === 0) return null;
  const original = facts.verification?.reference === 'native' ? (facts.converter ?? 'original') : 'expected';
  const figures = (some: OutputFacts[]) => {
    const drawings: (() => Promise<void>)[] = [];
    const made = some.map((output) => outputFigures(output, original, drawings));
    void drawInTurn(drawings, current);
    return made;
  };
  const further = outputs.slice(MOST_DRAWN);
  return section(
    'Predictions',
    ...figures(outputs.slice(0, MOST_DRAWN)),
    further.length === 0 ? null : whenOpened(plural(further.length, 'further output'), () => figures(further)),
    outputsLeft > 0 ? h('p', { class: 'dim' }, `The run kept nothing of ${plural(outputsLeft, 'output')} more.`) : null,
  );
}

/** One after the other, so that the page answers in between. */
async function drawInTurn(drawings: (() => Promise<void>)[], current: () => boolean): Promise<void> {
  // The section is put into the page first: a plot is as wide as its place.
  await new Promise(requestAnimationFrame);
  for (const draw of drawings) {
    if (!current()) return;
    await draw();
  }
}

function outputFigures(output: OutputFacts, original: string, drawings: (() => Promise<void>)[]): HTMLElement {
  const { name, role, rows, points, confusion } = output;
  return h(
    'div',
    { class: 'output' },
    h('h4', {}, named(name), h('span', { class: 'dim' }, ` ${role}, ${plural(rows, 'row')}`)),
    h(
      'div',
      { class: 'figures' },
      confusion === undefined ? null : confusionTable(confusion, name),
      points === undefined ? null : parityFigure(output, points, original, drawings),
      output.histogram.length === 0 ? null : histogramFigure(output, drawings),
    ),
  );
}

function parityFigure(
  { name }: OutputFacts,
  points: [number, number][],
  original: string,
  drawings: (() => Promise<void>)[],
): HTMLElement {
  const largest = points.reduce((most, [expected, got]) => Math.max(most, Math.abs(got - expected)), 0);
  const text = `${name}, original against ONNX: ${plural(points.length, 'row')} drawn, which differ by at most ${difference(largest)}.`;
  const place = h('div', { class: 'plot parity', role: 'img', 'aria-label': text });
  drawings.push(() => parity(place, points, original));
  const data = () => [
    wide(
      'Rows of the plot',
      dataTable(`Rows of the plot of ${name}`, {
        headings: ['Original', 'ONNX', 'Difference'],
        numbers: [0, 1, 2],
        rows: points.map(([expected, got]) => [String(expected), String(got), difference(got - expected)]),
      }),
    ),
  ];
  return h('figure', {}, place, h('figcaption', {}, 'original against ONNX'), whenOpened('Rows of the plot', data));
}

function histogramFigure({ name, histogram: bins, rows }: OutputFacts, drawings: (() => Promise<void>)[]): HTMLElement {
  const exact = bins[0]?.rows ?? 0;
  const text = `${name}, rows by absolute difference: ${count(exact)} of ${count(rows)} exactly 0; ${bins
    .slice(1)
    .filter((bin) => bin.rows > 0)
    .map((bin) => `${count(bin.rows)} ${binLabel(bin)}`)
    .join(', ')}.`;
  const place = h('div', { class: 'plot histogram', role: 'img', 'aria-label': text });
  drawings.push(() => histogram(place, bins));
  const data = () => [
    wide(
      'Bins',
      dataTable(`Rows of ${name} by absolute difference`, {
        headings: ['Difference', 'Rows'],
        numbers: [1],
        rows: bins.map((bin) => [binLabel(bin), count(bin.rows)]),
      }),
    ),
  ];
  return h(
    'figure',
    {},
    place,
    h('figcaption', {}, 'rows by absolute difference'),
    whenOpened('Bins as a table', data),
  );
}

/** What is made when somebody wants it. */
function whenOpened(title: string, make: () => HTMLElement[]): HTMLElement {
  const details = h('details', {}, h('summary', {}, title));
  details.addEventListener('toggle', () => {
    if (details.childElementCount === 1) details.append(...make());
  });
  return details;
}
