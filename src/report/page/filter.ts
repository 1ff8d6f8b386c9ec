/** Which models the table shows, and in which order. */

import type { ModelRow } from './data.js';

export interface Filter {
  /** Words that must all be found, in any order. */
  text: string;
  status: string;
  converter: string;
  code: string;
  tag: string;
}

export const NO_FILTER: Filter = { text: '', status: '', converter: '', code: '', tag: '' };

const SORT_KEYS = [
  'name',
  'status',
  'converter',
  'model',
  'inputs',
  'rows',
  'maxAbsDiff',
  'labelMismatches',
  'bytes',
  'elapsed',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  key: SortKey;
  descending: boolean;
}

/** Rows with their text ready to be searched. */
export interface Searchable {
  row: ModelRow;
  text: string;
}

const collator = new Intl.Collator('en', { numeric: true });

export function searchable(row: ModelRow): Searchable {
  const parts = [row.name, row.source, row.converter, row.model, row.code, row.status, ...row.tags];
  return { row, text: parts.join('\n').toLowerCase() };
}

export function matching(rows: readonly Searchable[], filter: Filter): Searchable[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    ({ row, text }) =>
      (filter.status === '' || row.status === filter.status) &&
      (filter.converter === '' || row.converter === filter.converter) &&
      (filter.code === '' || row.code === filter.code) &&
      (filter.tag === '' || row.tags.includes(filter.tag)) &&
      words.every((word) => text.includes(word)),
  );
}

/** Models without the figure come last, whichever way round. */
export function sorted(rows: readonly Searchable[], { key, descending }: Sort): Searchable[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted(({ row: a }, { row: b }) => {
    const left = sortValue(a, key);
    const right = sortValue(b, key);
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
    } else {
      const order =
        typeof left === 'number' && typeof right === 'number' ? left - right : collator.compare(`${left}`, `${right}`);
      if (order !== 0) return sign * order;
    }
    return collator.compare(a.name, b.name);
  });
}

/** Each value that a facet can take, with how many models have it, the most frequent first. */
export function facet(rows: readonly Searchable[], values: (row: ModelRow) => readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { row } of rows) {
    for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a, left], [b, right]) => right - left || collator.compare(a, b));
}

function sortValue(row: ModelRow, key: SortKey): string | number | undefined {
  return key === 'status' ? `${row.status} ${row.code ?? ''}` : row[key];
}
