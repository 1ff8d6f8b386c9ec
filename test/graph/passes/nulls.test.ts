import { describe, expect, it } from 'vitest';
import type { ElementType } from '../../../src/graph/codec/model.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import { NAN_SENTINEL } from '../../../src/signature.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, node, value } from '../build.js';
import { columnFeeds, fixture, RUNTIME_NAMES, runGraph } from '../run.js';

const COLUMNS = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'];
const ROWS = Object.fromEntries(COLUMNS.map((name, at) => [name, [0.01 * at, -0.02, 0.03, 0.005]]));

function passThrough(element: ElementType, shape: (number | null)[]): Uint8Array {
  return bytes({
    inputs: [value('x', element, shape)],
    outputs: [value('y', element, shape)],
    nodes: [node('Abs', ['x'], ['z']), node('Neg', ['z'], ['y'])],
  });
}

describe('nulls', () => {
  for (const runtime of RUNTIME_NAMES) {
    it(`hands the sentinel on as NaN in ${runtime}`, async () => {
      const { bytes: columnar, signature } = await normalize(fixture('diabetes-missing'), {
        target: TARGETS['sql-edge'],
        columnNames: COLUMNS,
        onNull: 'nan',
      });
      expect(signature.inputs.every(({ nulls }) => nulls === 'nan')).toBe(true);
      const rows = { ...ROWS, bmi: [Number.NaN, 0.1, Number.NaN, -0.1], s5: [0.1, Number.NaN, Number.NaN, 0] };
      const flat = COLUMNS.map((name) => rows[name as 'bmi'] ?? []);
      const values = [0, 1, 2, 3].flatMap((row) => flat.map((column) => column[row] ?? 0));
      const expected = await runGraph(
        fixture('diabetes-missing'),
        { X: { type: 'float', dims: [4, 10], values } },
        runtime,
      );
      const sentinels = Object.fromEntries(
        Object.entries(rows).map(([name, column]) => [
          name,
          column.map((one) => (Number.isNaN(one) ? NAN_SENTINEL : one)),
        ]),
      );
      const got = await runGraph(columnar, columnFeeds(signature, sentinels), runtime);
      expect(Object.values(got)[0]?.values).toEqual(Object.values(expected)[0]?.values);
    });

    it.each([
      ['float', 'sql-edge', [null, 3]],
      ['double', 'sql-edge', [null, 3]],
      ['float', 'sql-edge-1', [null, 1]],
      ['double', 'sql-edge-1', [null, 1]],
      ['double', 'sql-edge-1', [null, 3]],
    ] as const)(`changes nothing but the sentinel: %s for %s, ${runtime}`, async (element, target, shape) => {
      const columnNames = shape[1] === 1 ? ['a'] : ['a', 'b', 'c'];
      const { bytes: columnar, signature } = await normalize(passThrough(element, [...shape]), {
        target: TARGETS[target],
        columnNames,
        onNull: 'nan',
      });
      const values = [
        NAN_SENTINEL,
        1.5,
        -0,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        Number.NaN,
        -(2 ** 99),
      ];
      const got = await runGraph(
        columnar,
        columnFeeds(signature, Object.fromEntries(columnNames.map((name) => [name, values]))),
        runtime,
      );
      for (const { values: column } of Object.values(got)) {
        expect(column).toEqual([
          Number.NaN,
          -1.5,
          -0,
          Number.NEGATIVE_INFINITY,
          Number.NEGATIVE_INFINITY,
          Number.NaN,
          -(2 ** 99),
        ]);
      }
    });
  }

  it('needs nothing in the graph for the other policies', async () => {
    const refused = await normalize(fixture('diabetes-missing'), { target: TARGETS['sql-edge'], columnNames: COLUMNS });
    expect(refused.signature.inputs[0]?.nulls).toBe('error');
    const replaced = await normalize(fixture('diabetes-missing'), {
      target: TARGETS['sql-edge'],
      columnNames: COLUMNS,
      onNull: 7,
    });
    expect(replaced.signature.inputs[0]?.nulls).toBe(7);
    for (const { bytes: columnar } of [refused, replaced]) {
      expect(inspect(columnar).operators.map(({ type }) => type)).not.toContain('Where');
    }
  });

  it('is the default where the converter says that the model takes missing values', async () => {
    const facts = {
      columns: COLUMNS.map((name) => ({
        name,
        kind: 'number' as const,
        type: 'float' as const,
        acceptsMissing: name === 'bmi',
      })),
      inputs: [{ tensor: 'X', columns: COLUMNS }],
      outputs: [{ tensor: 'variable', names: ['progression'], role: 'value' as const }],
    };
    const { signature } = await normalize(fixture('diabetes-missing'), { target: TARGETS['sql-edge'], facts });
    expect(signature.inputs.filter(({ nulls }) => nulls === 'nan').map(({ name }) => name)).toEqual(['bmi']);
    expect(signature.outputs).toEqual([{ name: 'progression', type: 'float', sqlType: 'real', role: 'value' }]);
  });

  it('asks for an error where whole numbers cannot hold NaN', async () => {
    const raw = bytes({
      inputs: [value('n', 'int64', [null, 1])],
      outputs: [value('y', 'int64', [null, 1])],
      nodes: [node('Neg', ['n'], ['y'])],
    });
    const { signature } = await normalize(raw, { target: TARGETS['sql-edge'], onNull: 'nan' });
    expect(signature.inputs[0]).toMatchObject({ type: 'int64', nulls: 'error' });
  });
});
