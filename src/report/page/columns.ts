/** The columns of the table of models. */

import type { ModelRow } from './data.js';
import { type Child, h, named } from './dom.js';
import type { SortKey } from './filter.js';
import { statusMark } from './overview.js';
import { count, difference, duration, plural, size } from './text.js';

interface Heading {
  key: SortKey;
  title: string;
  says?: string;
  number?: boolean;
  cell: (row: ModelRow) => Child[];
}

export const HEADINGS: readonly Heading[] = [
  { key: 'name', title: 'Model', cell: nameCell },
  { key: 'status', title: 'Status', cell: statusCell },
  { key: 'converter', title: 'Converter', cell: ({ converter }) => [converter] },
  { key: 'model', title: 'What it is', cell: modelCell },
  { key: 'inputs', title: 'In → out', says: 'Columns that it reads and gives', number: true, cell: columnsCell },
  {
    key: 'rows',
    title: 'Rows',
    says: 'Rows that it was verified on',
    number: true,
    cell: ({ rows }) => [rows === undefined ? null : count(rows)],
  },
  { key: 'maxAbsDiff', title: 'Max diff', says: 'Largest absolute difference', number: true, cell: differenceCell },
  {
    key: 'labelMismatches',
    title: 'Labels',
    says: 'Labels that changed',
    number: true,
    cell: ({ labelMismatches }) => [labelMismatches],
  },
  { key: 'bytes', title: 'Size', number: true, cell: ({ bytes }) => [bytes === undefined ? null : size(bytes)] },
  { key: 'elapsed', title: 'Time', number: true, cell: ({ elapsed }) => [elapsed > 0 ? duration(elapsed) : null] },
];

function nameCell({ name, tags }: ModelRow): Child[] {
  return [
    h('a', { href: `#${encodeURIComponent(name)}`, tabindex: -1 }, named(name)),
    ...tags.flatMap((tag) => [' ', h('span', { class: 'tag' }, named(tag))]),
  ];
}

function statusCell({ status, code, warnings }: ModelRow): Child[] {
  return [
    statusMark(status),
    code === undefined ? null : h('span', { class: 'why' }, ` ${code}`),
    warnings === 0
      ? null
      : h(
          'span',
          { class: 'warned', title: plural(warnings, 'warning') },
          ` !${warnings}`,
          h('span', { class: 'hidden' }, ' warnings'),
        ),
  ];
}

function modelCell({ model }: ModelRow): Child[] {
  return [model === undefined ? null : h('span', { title: model }, model)];
}

function columnsCell({ inputs, outputs }: ModelRow): Child[] {
  return [inputs === undefined || outputs === undefined ? null : `${count(inputs)} → ${count(outputs)}`];
}

function differenceCell({ maxAbsDiff, verified }: ModelRow): Child[] {
  if (maxAbsDiff === undefined) return [];
  return [difference(maxAbsDiff), verified === 'unavailable' ? h('span', { title: 'not verified' }, ' ?') : null];
}
