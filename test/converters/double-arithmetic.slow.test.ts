import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import type { Conversion } from '../../src/convert/document.js';
import { outcome } from '../support/battery.js';
import { type Prepared, prepare } from '../support/prepared.js';

const TARGETS = ['sql-edge', 'sql-edge-1'] as const;

let prepared: Prepared;
const results = new Map<string, Conversion[]>();

beforeAll(async () => {
  prepared = await prepare();
  const { folder, converters, python } = prepared;
  await python('test/batteries/double_arithmetic.py', folder);
  for (const target of TARGETS) {
    const options = { target, out: path.join(folder, target), trust: { all: true } };
    results.set(target, await convertAll([folder], converters, options));
  }
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

  it('say where they compute in float all the same', () => {
    const warned = converted().filter(({ warnings }) => warnings?.some(({ code }) => code === 'FLOAT_ARITHMETIC'));
    expect(warned.map(({ name }) => name)).toEqual(target === 'sql-edge' ? [] : ['near-two']);
  });
});
