import { describe, expect, it } from 'vitest';
import type { ModelRow } from '../../../src/report/page/data.js';
import { facet, matching, NO_FILTER, type Sort, searchable, sorted } from '../../../src/report/page/filter.js';
import { modelRow } from '../../../src/report/page-data.js';
import { converted, failed } from '../results.js';

const rows = [
  modelRow(converted('press10', { tags: ['line A'], elapsed: 5 })),
  modelRow(converted('press2', { converter: 'tabular', tags: ['line B', 'hot'], elapsed: 50 })),
  modelRow(failed('oven1', { elapsed: 1 })),
].map(searchable);

const names = (found: { row: ModelRow }[]) => found.map(({ row }) => row.name);

describe('matching', () => {
  it.each([
    ['press', ['press10', 'press2']],
    ['PRESS2', ['press2']],
    ['untrusted', ['oven1']],
    ['.pkl', ['oven1']],
    ['tabular', ['press2']],
    ['hot', ['press2']],
    ['line press10', ['press10']],
    ['press oven', []],
    ['  ', ['press10', 'press2', 'oven1']],
  ])('finds by name, source, converter, code and tag: %s', (text, found) => {
    expect(names(matching(rows, { ...NO_FILTER, text }))).toEqual(found);
  });

  it('joins the lists and the words', () => {
    expect(names(matching(rows, { ...NO_FILTER, status: 'converted', tag: 'hot' }))).toEqual(['press2']);
    expect(names(matching(rows, { ...NO_FILTER, code: 'UNTRUSTED_ARTIFACT', text: 'press' }))).toEqual([]);
    expect(names(matching(rows, { ...NO_FILTER, converter: 'sklearn' }))).toEqual(['press10', 'oven1']);
  });
});

describe('sorted', () => {
  const by = (key: Sort['key'], descending = false) => names(sorted(rows, { key, descending }));

  it('takes numbers inside names for numbers', () => {
    expect(by('name')).toEqual(['oven1', 'press2', 'press10']);
    expect(by('name', true)).toEqual(['press10', 'press2', 'oven1']);
  });

  it('puts models without the figure last, whichever way round', () => {
    expect(by('maxAbsDiff').at(-1)).toBe('oven1');
    expect(by('maxAbsDiff', true).at(-1)).toBe('oven1');
    expect(by('elapsed', true)).toEqual(['press2', 'press10', 'oven1']);
  });
});

it('counts what a list offers, the most frequent first', () => {
  expect(facet(rows, ({ converter = '' }) => [converter])).toEqual([
    ['sklearn', 2],
    ['tabular', 1],
  ]);
});
