/** The columns that a model reads and those that it gives. */

import type { Column, ModelFacts } from './data.js';
import { type Child, h, named } from './dom.js';
import { dataTable, section, wide } from './section.js';
import { count, plural } from './text.js';

/** Values that stand in the table; the others are a click away. */
const MOST_VALUES = 8;

/** Columns before the table starts folded. */
const MOST_COLUMNS = 40;

export function signatureSection({ inputs, outputs, precision }: ModelFacts): HTMLElement | null {
  if (inputs === undefined || outputs === undefined) return null;
  const categories = inputs.some((input) => input.categories !== undefined);
  const labels = outputs.some((output) => output.labels !== undefined);
  const reads = dataTable('Inputs', {
    headings: ['Input', 'SQL type', 'NULL', ...(categories ? ['Categories'] : [])],
    rows: inputs.map((input) => [...start(input), nullsOf(input), ...(categories ? [categoriesOf(input)] : [])]),
  });
  const gives = dataTable('Outputs', {
    headings: ['Output', 'SQL type', 'Is', ...(labels ? ['Labels'] : [])],
    rows: outputs.map((output) => [
      ...start(output),
      output.role,
      ...(labels ? [output.labels === undefined ? null : values(output.labels, 'label')] : []),
    ]),
  });
  const title = `Signature: ${plural(inputs.length, 'input')}, ${plural(outputs.length, 'output')}`;
  return section(
    precision === 'double' ? `${title}, in float columns` : title,
    h('div', { class: 'columns' }, folded('inputs', inputs, reads), folded('outputs', outputs, gives)),
  );
}

function start({ name, sqlType }: Column): Child[] {
  return [named(name), h('code', {}, sqlType)];
}

function folded(what: string, columns: Column[], table: HTMLElement): HTMLElement {
  const scrolled = wide(what === 'inputs' ? 'Inputs' : 'Outputs', table);
  if (columns.length <= MOST_COLUMNS) return scrolled;
  return h('details', {}, h('summary', {}, `${count(columns.length)} ${what}`), scrolled);
}

function nullsOf({ nulls }: Column): string {
  if (nulls === 'error') return 'refused';
  return nulls === 'nan' ? 'as missing' : `as ${nulls}`;
}

function categoriesOf({ categories, unknown }: Column): Child {
  if (categories === undefined) return null;
  const policy = { error: 'others refused', null: 'others give NULL', zeros: 'others are none of them' }[unknown ?? ''];
  return h(
    'span',
    {},
    values(categories, 'category'),
    policy === undefined ? null : h('span', { class: 'dim' }, ` ${policy}`),
  );
}

function values(all: string[], noun: string): HTMLElement {
  const shown = (some: string[]) =>
    some.flatMap((value, index) => [index > 0 ? ' ' : null, named(value, { class: 'value' })]);
  if (all.length <= MOST_VALUES) return h('span', {}, ...shown(all));
  const what = noun === 'category' ? 'categories' : 'labels';
  return h(
    'details',
    { class: 'inline' },
    h('summary', {}, ...shown(all.slice(0, MOST_VALUES - 2)), ` … ${count(all.length)} ${what}`),
    ...shown(all.slice(MOST_VALUES - 2)),
  );
}
