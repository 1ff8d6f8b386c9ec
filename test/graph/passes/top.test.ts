import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/graph/codec/loaded-model.js';
import { inspect } from '../../../src/graph/inspect.js';
import { topOf } from '../../../src/graph/metadata.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, node, value } from '../build.js';
import { columnFeeds, fixture, numbers, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];
const columnNames = Array.from({ length: 5 }, (_, at) => `c${at}`);

function wide(element: 'float' | 'double' | 'int64' = 'float'): Uint8Array {
  return bytes({
    inputs: [value('x', element, ['N', 5])],
    outputs: [value('scores:0', element, ['N', 5]), value('other', element, ['N', 5])],
    nodes: [node('Identity', ['x'], ['scores:0']), node('Abs', ['x'], ['other'])],
  });
}

describe('--top', () => {
  it.each(['float', 'double', 'int64'] as const)('gives the largest %s and their classes', async (element) => {
    for (const profile of [target, TARGETS['sql-edge-1']]) {
      const { bytes: columnar, signature } = await normalize(wide(element), {
        target: profile,
        columnNames,
        top: 2,
        outputs: ['scores'],
      });
      expect(signature.outputs).toEqual([
        { name: 'scores_1_class', type: 'int64', sqlType: 'bigint', role: 'label' },
        expect.objectContaining({ name: 'scores_1', type: element }),
        { name: 'scores_2_class', type: 'int64', sqlType: 'bigint', role: 'label' },
        expect.objectContaining({ name: 'scores_2', type: element }),
      ]);
      // Ties go to the lower index.
      const rows = [
        [1, 5, 3, 5, 2],
        [9, 0, 0, 0, -1],
        [-3, -3, -3, -3, -3],
      ];
      const feeds = Object.fromEntries(columnNames.map((name, at) => [name, rows.map((row) => row[at] ?? 0)]));
      for (const runtime of RUNTIME_NAMES) {
        const got = await runGraph(columnar, columnFeeds(signature, feeds), runtime);
        expect(Object.values(got).map(({ values }) => values)).toEqual([
          [1, 0, 0],
          [5, 9, -3],
          [3, 1, 1],
          [5, 0, -3],
        ]);
      }
    }
  });

  it('takes the widest output, and leaves the others', async () => {
    const { signature, bytes: columnar } = await normalize(fixture('iris-forest'), {
      target,
      columnNames: columnNames.slice(0, 4),
      top: 1,
    });
    expect(signature.outputs.map(({ name, role }) => [name, role])).toEqual([
      [expect.any(String), 'label'],
      ['probabilities_1_class', 'label'],
      ['probabilities_1', 'probability'],
    ]);
    expect(topOf(loadModel(columnar).model)).toEqual({
      of: ['probabilities_1', 'probabilities_2', 'probabilities_3'],
      columns: [{ class: 'probabilities_1_class', value: 'probabilities_1' }],
    });
    const feeds = Object.fromEntries(signature.inputs.map(({ name }, at) => [name, numbers(9, at)]));
    const got = await runGraph(columnar, columnFeeds(signature, feeds));
    // The label is the class of the largest probability.
    expect(got.probabilities_1_class?.values).toEqual(Object.values(got)[0]?.values);
    const again = await normalize(columnar, { target });
    expect(Buffer.compare(again.bytes, columnar)).toBe(0);
  });

  it('uses the labels that the model has for its classes', async () => {
    const { signature } = await normalize(fixture('iris-logistic'), {
      target,
      columnNames: columnNames.slice(0, 4),
      top: 1,
    });
    const [label, winner] = signature.outputs;
    expect(label?.labels).toHaveLength(3);
    expect(winner).toMatchObject({ role: 'label', labels: label?.labels });
  });

  it('keeps one of its columns when only that is asked for', async () => {
    const { signature } = await normalize(wide(), { target, columnNames, top: 2, outputs: ['scores_1_class'] });
    expect(signature.outputs.map(({ name }) => name)).toEqual(['scores_1_class']);
  });

  it('brings a thousand and more outputs into a table', async () => {
    const raw = bytes({
      inputs: [value('x', 'float', ['N', 1])],
      outputs: [value('y', 'float', ['N', 1500])],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      initializers: [
        {
          name: 'w',
          type: 'float',
          dims: [1, 1500],
          doc: '',
          data: new Uint8Array(Float32Array.from({ length: 1500 }, (_, at) => at).buffer),
          strings: [],
        },
      ],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, top: 3 });
    expect(inspect(columnar).outputs).toHaveLength(6);
    const got = await runGraph(columnar, columnFeeds(signature, { x: [1, -1] }), '1.12.1');
    expect([1, 2, 3].map((rank) => got[`y_${rank}_class`]?.values)).toEqual([
      [1499, 0],
      [1498, 1],
      [1497, 2],
    ]);
  });

  it('refuses more than there are', async () => {
    await expect(normalize(wide(), { target, columnNames, top: 5 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('more than 5 columns'),
      hint: expect.stringContaining('scores:0 (5)'),
    });
  });
});
