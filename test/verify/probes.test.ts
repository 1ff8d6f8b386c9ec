import { expect, it } from 'vitest';
import type { Frame } from '../../src/rows/frame.js';
import type { OutputColumn } from '../../src/signature.js';
import { countProbes, probeName, probesOf, withTied } from '../../src/verify/probes.js';
import { withoutTies } from '../../src/verify/ties.js';

const RUNS = [
  { kind: 'mixed', column: null, rows: 2 },
  { kind: 'threshold', column: 'age', rows: 1 },
];

it('counts the probes that were compared, by kind', () => {
  const counts = countProbes(probesOf(RUNS), (at) => at === 1, { refused: 3, limited: false });
  expect(counts).toEqual({ rows: 2, refused: 3, limited: false, kinds: { mixed: 1, threshold: 1 } });
});

it.each([
  ['null', 'city', 'a row with NULL in city'],
  ['null', null, 'a row with NULL in every column that may be missing'],
  ['threshold', 'age', 'age at a threshold'],
  ['unknown', 'city', 'a value of city that was never seen'],
  ['mixed', null, 'values of several sample rows, mixed'],
])('names a %s probe of %s', (kind, column, name) => {
  expect(probeName({ kind, column })).toBe(name);
});

it('counts rows that two scores decide by their kind, those before the probes as of the sample', () => {
  expect(withTied({ mixed: 4 }, new Set([0, 9, 10, 12]), probesOf(RUNS), 10)).toEqual({
    sample: 2,
    mixed: 5,
    threshold: 1,
  });
});

const output = (name: string, role: OutputColumn['role']): OutputColumn => ({
  name,
  role,
  type: role === 'label' ? 'int64' : 'float',
  sqlType: role === 'label' ? 'bigint' : 'real',
});
const LABEL = output('label', 'label');
const OFF = {
  maxAbsDiff: 0,
  maxRelDiff: 0,
  labelMismatches: 2,
  outside: [0, 1].map((row) => ({ row, excess: Number.POSITIVE_INFINITY })),
};

function framed(columns: Record<string, readonly number[]>): Frame {
  return {
    rows: 2,
    columns: Object.entries(columns).map(([name, values]) => ({
      name,
      type: 'double',
      values: Float64Array.from(values),
    })),
  };
}

it.each([
  ['two scores', 'probability', { a: [0.5, 0.6], b: [0.5000001, 0.4] }],
  ['the probability of one of two classes', 'probability', { a: [0.5000001, 0.6] }],
  ['a score on either side of zero', 'score', { a: [1e-7, 0.6] }],
] as const)('a label may change places by %s', (_, role, columns) => {
  const outputs = [LABEL, ...Object.keys(columns).map((name) => output(name, role))];
  const tied = new Set<number>();
  const left = withoutTies(OFF, LABEL, outputs, framed(columns), tied);
  expect([left.labelMismatches, left.outside.map(({ row }) => row), [...tied]]).toEqual([1, [1], [0]]);
});

it('without scores every label counts', () => {
  expect(withoutTies(OFF, LABEL, [LABEL], framed({}), new Set())).toEqual(OFF);
});
