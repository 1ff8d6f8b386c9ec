import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementType } from '../../../src/graph/codec/model.js';
import { ELEMENT_TYPES } from '../../../src/graph/codec/model.js';
import { int, int64Tensor } from '../../../src/graph/codec/tensors.js';
import { normalize } from '../../../src/graph/normalize.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, named, node, value } from '../build.js';
import { columnFeeds, RUNTIME_NAMES, runGraph } from '../run.js';

const TYPES: [ElementType, string][] = [
  ['int32', 'int32'],
  ['int64', 'int64'],
  ['double', 'double'],
  ['float', 'float'],
  ['float16', 'float'],
  ['bool', 'int32'],
  ['uint8', 'int32'],
];

/** A rank-1, a rank-2 and a rank-4 input of three types, each handed on in order as one row of floats. */
function mixed(one: ElementType, two: ElementType, four: ElementType): Uint8Array {
  return bytes({
    inputs: [value('one', one, ['N']), value('two', two, ['N', 2]), value('four', four, ['N', 2, 1, 2])],
    outputs: [value('y', 'double', ['N', 7])],
    nodes: [
      ...['one', 'two', 'four'].flatMap((name) => [
        node('Cast', [name], [`${name}_double`], { to: int(ELEMENT_TYPES.indexOf('double')) }),
        node(
          'Reshape',
          [`${name}_double`, name === 'one' ? 'by_one' : name === 'two' ? 'by_two' : 'by_four'],
          [`${name}_wide`],
        ),
      ]),
      node('Concat', ['one_wide', 'two_wide', 'four_wide'], ['y'], { axis: int(1) }),
    ],
    initializers: [
      named('by_one', int64Tensor([-1, 1])),
      named('by_two', int64Tensor([-1, 2])),
      named('by_four', int64Tensor([-1, 4])),
    ],
  });
}

describe('types at the edge', () => {
  const names = ['one', 'a', 'b', 'p', 'q', 'r', 's'];
  it.each(TYPES.map((_, at) => [0, 1, 2].map((step) => TYPES[(at + step) % TYPES.length]) as typeof TYPES))(
    'mixes %j [N], %j [N,2] and %j [N,2,1,2] in one model',
    async (one, two, four) => {
      const raw = mixed(one[0], two[0], four[0]);
      for (const target of [TARGETS['sql-edge'], TARGETS['sql-edge-1']]) {
        const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: names });
        expect(signature.inputs.map(({ type }) => type)).toEqual([one[1], two[1], two[1], ...Array(4).fill(four[1])]);
        const rows = Object.fromEntries(names.map((name, at) => [name, [at % 2, 1, 0].slice(0, 3)]));
        for (const runtime of RUNTIME_NAMES) {
          const got = await runGraph(columnar, columnFeeds(signature, rows), runtime);
          expect(Object.values(got).map(({ values }) => values)).toEqual(Object.values(rows));
        }
      }
    },
  );

  it('keeps the order of any tensor’s values: reshaped and flattened again they are the columns', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 3 }), async (sizes, rows) => {
        const width = sizes.reduce((total, size) => total * size, 1);
        const raw = bytes({
          inputs: [value('x', 'float', ['N', ...sizes])],
          outputs: [value('y', 'float', ['N', ...sizes])],
          nodes: [node('Neg', ['x'], ['n']), node('Neg', ['n'], ['y'])],
        });
        const columnNames = Array.from({ length: width }, (_, at) => `c${at}`);
        const { bytes: columnar, signature } = await normalize(raw, { target: TARGETS['sql-edge'], columnNames });
        const columns = columnNames.map((_, at) => Array.from({ length: rows }, (__, row) => row * 1000 + at));
        const feeds = columnFeeds(
          signature,
          Object.fromEntries(columnNames.map((name, at) => [name, columns[at] ?? []])),
        );
        const got = await runGraph(columnar, feeds, '1.12.1');
        expect(signature.outputs.map(({ name }) => got[name]?.values)).toEqual(columns);
      }),
      { numRuns: 30 },
    );
  });
});
