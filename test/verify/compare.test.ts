import { describe, expect, it } from 'vitest';
import type { OutputColumn } from '../../src/signature.js';
import { compareColumn, shownValue } from '../../src/verify/compare.js';

const TOLERANCE = { rtol: 1e-4, atol: 1e-5 };
const VALUE: OutputColumn = { name: 'v', type: 'float', sqlType: 'real', role: 'value' };
const LABEL: OutputColumn = { name: 'label', type: 'int64', sqlType: 'bigint', role: 'label', labels: ['no', 'yes'] };

function compareNumbers(expected: number[], got: number[], skip = new Uint8Array(expected.length)) {
  return compareColumn(
    VALUE,
    { name: 'v', type: 'double', values: Float64Array.from(expected) },
    Float64Array.from(got),
    TOLERANCE,
    skip,
  );
}

describe('compareColumn', () => {
  it('takes what is within the tolerance', () => {
    const result = compareNumbers([1, 1000], [1 + 5e-5, 1000.05]);
    expect(result.outside).toEqual([]);
    expect(result.maxAbsDiff).toBeCloseTo(0.05);
  });

  it('finds what is outside, the worst first', () => {
    expect(compareNumbers([1, 1, 1], [1.001, 1, 1.5]).outside.map(({ row }) => row)).toEqual([2, 0]);
  });

  it.each([
    [Number.NaN, 1],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('never takes %d for %d', (expected, got) => {
    expect(compareNumbers([expected], [got]).outside).toHaveLength(1);
  });

  it('takes NaN for NaN and infinity for infinity', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY];
    expect(compareNumbers(values, values)).toMatchObject({ outside: [], maxAbsDiff: 0 });
  });

  it('leaves out the rows that a policy replaced', () => {
    expect(compareNumbers([1], [2], new Uint8Array([1])).outside).toEqual([]);
  });

  it('counts labels that differ, by their text', () => {
    const expected = { name: 'label', type: 'string' as const, values: ['yes', 'no', 'no'] };
    const result = compareColumn(LABEL, expected, BigInt64Array.from([1n, 1n, 0n]), TOLERANCE, new Uint8Array(3));
    expect(result.labelMismatches).toBe(1);
    expect(result.outside.map(({ row }) => row)).toEqual([1]);
  });

  it('counts number labels by their value', () => {
    const expected = { name: 'label', type: 'int64' as const, values: BigInt64Array.from([5n, 7n]) };
    const numeric = { ...LABEL, labels: undefined };
    expect(
      compareColumn(numeric, expected, BigInt64Array.from([5n, 5n]), TOLERANCE, new Uint8Array(2)).labelMismatches,
    ).toBe(1);
  });
});

describe('shownValue', () => {
  it('shows labels as text and keeps numbers that JSON lacks', () => {
    expect(shownValue(BigInt64Array.from([1n]), 0, ['no', 'yes'])).toBe('yes');
    expect(shownValue(Float64Array.from([Number.NaN]), 0)).toBe('NaN');
    expect(shownValue([null], 0)).toBeNull();
  });
});
