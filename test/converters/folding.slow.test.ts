import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/convert/document.js';
import { loadModel } from '../../src/graph/codec/loaded-model.js';
import { convertFor, outcome } from '../support/battery.js';
import { type Prepared, prepare } from '../support/prepared.js';

const TARGETS = ['sql-edge', 'sql-edge-1'] as const;

/** Operators that scalers, powers and quantiles are written with. */
const ARITHMETIC = ['Sub', 'Mul', 'Pow', 'Log', 'Scaler', 'Imputer', 'MatMul'];

/** What the labels or the anomaly score are computed with, behind the trees. */
const BEHIND_TREES: Record<string, string[]> = {
  'logarithm-isolation': ['Sub', 'Mul'],
  'largest-ada': ['Sub'],
  'robust-boosting': ['Sub'],
  'power-histogram': ['Sub'],
};

const FOLDED = [
  'standard-forest',
  'range-trees',
  'robust-boosting',
  'largest-ada',
  'power-histogram',
  'quantile-bagging',
  'logarithm-isolation',
  'bins-forest',
  'falling-forest',
  'union-forest',
  'columns-histogram',
];

let prepared: Prepared;
let results: Map<string, Conversion[]>;

beforeAll(async () => {
  prepared = await prepare();
  await prepared.python('test/batteries/folding.py', prepared.folder);
  results = await convertFor(TARGETS, [prepared.folder], prepared);
});
afterAll(() => prepared.close());

describe.each(TARGETS)('steps before trees, for %s', (target) => {
  const converted = () => results.get(target) ?? [];

  it('end as the original does of rows that it was not trained on, and of probes', () => {
    expect(converted().length).toBe(19);
    expect(converted().map((result) => [result.name, outcome(result), result.verification?.labelMismatches])).toEqual(
      converted().map(({ name }) => [name, 'verified', 0]),
    );
  });

  it('are held at the folded thresholds, in the units of the columns', () => {
    const kinds = converted().find(({ name }) => name === 'standard-forest')?.verification?.probes?.kinds;
    expect(kinds?.threshold).toBeGreaterThan(300);
  });

  it('warn of a sample that says next to nothing', () => {
    const warned = converted().filter(({ warnings }) => warnings?.some(({ code }) => code === 'SMALL_SAMPLE'));
    expect(warned.map(({ name }) => name)).toContain('one-row');
  });
});

describe('steps before trees', () => {
  it.each(FOLDED)('are folded into thresholds: %s', async (name) => {
    const bytes = await readFile(path.join(prepared.folder, 'sql-edge', `${name}.onnx`));
    const operators = new Set(loadModel(bytes).model.graph.nodes.map(({ op }) => op));
    const allowed = BEHIND_TREES[name] ?? [];
    expect(ARITHMETIC.filter((operator) => operators.has(operator) && !allowed.includes(operator))).toEqual([]);
  });
});
