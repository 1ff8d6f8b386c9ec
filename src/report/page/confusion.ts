/** Labels of the original against those of the model, counted. */

import { h, named } from './dom.js';
import { dataTable, wide } from './section.js';
import { count, plural } from './text.js';

type Pair = { original: string; model: string; rows: number };

/** Labels up to which every pair has a cell; above, the pairs are a list. */
const MOST_CELLS = 10;

export function confusionTable(pairs: Pair[], name: string): HTMLElement {
  const changed = pairs.filter(({ original, model }) => original !== model).reduce((sum, { rows }) => sum + rows, 0);
  const caption = changed === 0 ? 'every label the same' : `${plural(changed, 'label')} changed`;
  const labels = [...new Set(pairs.flatMap(({ original, model }) => [original, model]))].sort();
  const drawn = labels.length <= MOST_CELLS ? cells(pairs, labels, name) : list(pairs, name);
  return h(
    'figure',
    {},
    wide(`Labels of ${name}`, drawn),
    h('figcaption', {}, `labels, original against ONNX: ${caption}`),
  );
}

function cells(pairs: Pair[], labels: string[], name: string): HTMLElement {
  const most = Math.max(...pairs.map(({ rows }) => rows));
  const found = (original: string, model: string) =>
    pairs.find((pair) => pair.original === original && pair.model === model)?.rows ?? 0;
  return h(
    'table',
    { class: 'confusion' },
    h(
      'caption',
      { class: 'hidden' },
      `Labels of ${name}: a row for each of the original’s, a column for each of the model’s`,
    ),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col', class: 'dim' }, 'original ↓ ONNX →'),
        ...labels.map((label) => h('th', { scope: 'col', class: 'number' }, named(label))),
      ),
    ),
    h(
      'tbody',
      {},
      ...labels.map((original) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, named(original)),
          ...labels.map((model) => cell(found(original, model), most, original === model)),
        ),
      ),
    ),
  );
}

function cell(rows: number, most: number, same: boolean): HTMLElement {
  const made = h(
    'td',
    { class: `number ${rows === 0 ? 'none' : same ? 'same' : 'changed'}` },
    rows === 0 ? '·' : count(rows),
  );
  made.style.setProperty('--share', String(rows / most));
  return made;
}

function list(pairs: Pair[], name: string): HTMLElement {
  return dataTable(`Labels of ${name}`, {
    headings: ['Original', 'ONNX', 'Rows'],
    numbers: [2],
    rows: pairs.map(({ original, model, rows }) => [named(original), named(model), count(rows)]),
  });
}
