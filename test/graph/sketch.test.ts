import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Graph } from '../../src/graph/codec/model.js';
import { sketch } from '../../src/graph/sketch.js';
import { graph, model, node, value } from './build.js';

/** Two branches and a loop whose body has two of its own: nothing but the outputs says what comes first. */
const BODY = [node('Neg', ['state'], ['a']), node('Abs', ['x'], ['b']), node('Add', ['a', 'b'], ['next'])];
const NODES = [
  node('Relu', ['x'], ['left']),
  node('Tanh', ['x'], ['right']),
  node('Add', ['left', 'right'], ['sum']),
  node('Exp', ['x'], ['nobody']),
];

function shuffled(nodes: typeof NODES, body: typeof BODY) {
  const inner: Graph = graph({
    inputs: [value('state', 'float', ['unk__7'])],
    outputs: [value('next', 'float', ['unk__8'])],
    nodes: body,
  });
  const loop = node('Loop', ['', '', 'sum'], ['y'], { body: { type: 'graph', value: inner } });
  return model({
    inputs: [value('x', 'float', ['unk__1', 3])],
    outputs: [value('y', 'float', ['unk__2', null])],
    nodes: [...nodes, loop],
  });
}

it('is the same picture in whatever order and under whatever counted names the exporter wrote the graph', () => {
  const expected = sketch(shuffled(NODES, BODY));
  expect(expected.nodes.map(({ op }) => op)).toEqual(['Relu', 'Tanh', 'Add', 'Loop']);
  expect(expected.edges).toEqual([
    ['i0', 'n0'],
    ['i0', 'n1'],
    ['n0', 'n2'],
    ['n1', 'n2'],
    ['n2', 'n3'],
    ['n3', 'o0'],
  ]);
  expect(expected.inputs).toEqual([{ name: 'x', type: 'float [N,3]' }]);
  expect(expected.outputs).toEqual([{ name: 'y', type: 'float [N,?]' }]);
  expect(expected.left).toEqual({ nodes: 1, inputs: 0, outputs: 0 });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(NODES, { minLength: 4 }),
      fc.shuffledSubarray(BODY, { minLength: 3 }),
      (nodes, body) => {
        expect(sketch(shuffled(nodes, body))).toEqual(expected);
      },
    ),
  );
});

it('leaves the graph as it was', () => {
  const made = shuffled(NODES.toReversed(), BODY.toReversed());
  const before = structuredClone(made);
  sketch(made);
  expect(made).toEqual(before);
});
