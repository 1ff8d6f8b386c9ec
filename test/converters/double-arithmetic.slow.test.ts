import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/convert/document.js';
import { convertFor, outcome } from '../support/battery.js';
import { type Prepared, prepare } from '../support/prepared.js';

const TARGETS = ['sql-edge', 'sql-edge-1'] as const;

let prepared: Prepared;
let results: Map<string, Conversion[]>;

beforeAll(async () => {
  prepared = await prepare();
  await prepared.python('test/batteries/double_arithmetic.py', prepared.folder);
  results = await convertFor(TARGETS, [prepared.folder], prepared);
});
afterAll(() => prepared.close());

describe.each(TARGETS)('models that compute in double, for %s', (target) => {
  const converted = () => results.get(target) ?? [];

  it('predict as the original does of rows that it was not trained on', () => {
    expect(converted().length).toBe(20);
    expect(converted().map((result) => [result.name, outcome(result), result.verification?.labelMismatches])).toEqual(
      converted().map(({ name }) => [name, 'verified', 0]),
    );
    expect(new Set(converted().map(({ verification }) => verification?.rows))).toEqual(new Set([2000]));
  });

  it('take and give real columns', () => {
    const types = converted().flatMap(({ inputs, outputs }) =>
      [...(inputs ?? []), ...(outputs ?? [])].map(({ type }) => type),
    );
    expect(new Set(types)).toEqual(new Set(['float', 'int64']));
  });

  it('say nothing of float, as each has a double form', () => {
    expect(
      converted()
        .flatMap(({ warnings }) => warnings ?? [])
        .map(({ code }) => code),
    ).not.toContain('FLOAT_ARITHMETIC');
  });
});
