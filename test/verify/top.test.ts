import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/graph/codec/loaded-model.js';
import { topOf } from '../../src/graph/metadata.js';
import { normalize } from '../../src/graph/normalize.js';
import type { Normalized } from '../../src/graph/normalize-options.js';
import type { Frame } from '../../src/rows/frame.js';
import { TARGETS } from '../../src/targets/targets.js';
import type { Verification } from '../../src/verify/verification.js';
import { verify } from '../../src/verify/verify.js';
import { bytes, node, value } from '../graph/build.js';

/** Some are called as columns of the largest are. */
const CLASSES = ['y_0', 'y_1', 'y_2', 'y_3'];
const LABELS = ['Ant', 'Bee', 'Cat', 'Dog'];

/** Predictions are the columns themselves, and the label is the largest. */
function normalized(labels?: string[]): Promise<Normalized> {
  return normalize(
    bytes({
      inputs: [value('x', 'float', ['N', 4])],
      outputs: [value('y', 'float', ['N', 4])],
      nodes: [node('Identity', ['x'], ['y'])],
    }),
    {
      target: TARGETS['sql-edge'],
      top: 2,
      facts: {
        columns: CLASSES.map((name) => ({ name: `in_${name}`, kind: 'number', type: 'float', acceptsMissing: false })),
        inputs: [{ tensor: 'x', columns: CLASSES.map((name) => `in_${name}`) }],
        outputs: [{ tensor: 'y', names: CLASSES, role: 'probability', source: 'y', ...(labels ? { labels } : {}) }],
      },
    },
  );
}

const frame = (names: string[], rows: number[][]): Frame => ({
  rows: rows.length,
  columns: names.map((name, at) => ({ name, type: 'double', values: Float64Array.from(rows, (row) => row[at] ?? 0) })),
});

async function verified(model: Normalized, predicted: number[][], right: number[][]): Promise<Verification> {
  const { verification } = await verify({
    bytes: model.bytes,
    signature: model.signature,
    top: topOf(loadModel(model.bytes).model),
    rows: frame(
      CLASSES.map((name) => `in_${name}`),
      predicted,
    ),
    rowsSource: 'sample',
    reference: 'native',
    expected: frame(CLASSES, right),
    expectedUnrounded: null,
    runtimes: ['1.30.0', '1.12.1'],
    origin: 'made',
  });
  return verification;
}

describe.each([['codes'], ['labels']])('the K largest, with classes as %s', (how) => {
  let model: Normalized;
  beforeAll(async () => {
    model = await normalized(how === 'labels' ? LABELS : undefined);
  });

  it('are compared with all that the original predicts', async () => {
    const rows = [
      [0.125, 0.25, 0.5, 0.75],
      [0.25, 0.25, 0.25, 0.25],
    ];
    expect(await verified(model, rows, rows)).toMatchObject({ status: 'passed', labelMismatches: 0, maxAbsDiff: 0 });
  });

  it('may change places within the tolerance, at the K-th place too', async () => {
    const right = [
      [0.4, 0.3, 0.3 - 4e-6, 0],
      [0.4, 0.4 - 4e-6, 0.2, 0],
    ];
    const predicted = [
      [0.4, 0.3 - 4e-6, 0.3, 0],
      [0.4 - 4e-6, 0.4, 0.2, 0],
    ];
    expect(await verified(model, predicted, right)).toMatchObject({ status: 'passed', labelMismatches: 0 });
  });

  it('fail where another class comes out', async () => {
    const verification = await verified(model, [[0.4, 0.301, 0.3, 0]], [[0.4, 0.3, 0.301, 0]]);
    expect(verification).toMatchObject({ status: 'failed', labelMismatches: 1 });
    expect(verification.worst?.[0]).toMatchObject({
      column: 'y_2_class',
      expected: how === 'labels' ? 'Cat' : 2,
      got: how === 'labels' ? 'Bee' : 1,
    });
  });

  it('fail where the class is right and its value is not', async () => {
    expect(await verified(model, [[0.4, 0.3, 0, 0]], [[0.5, 0.3, 0, 0]])).toMatchObject({
      status: 'failed',
      labelMismatches: 0,
    });
  });
});
