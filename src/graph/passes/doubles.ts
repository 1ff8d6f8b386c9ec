/** Operators for which ONNX Runtime has no kernel for double on a CPU work in float, between two casts. */

import { emit, fresh, makeNode } from '../build.js';
import type { Node } from '../codec/model.js';
import { ELEMENT_TYPES } from '../codec/model.js';
import { int } from '../codec/tensors.js';
import type { Draft } from '../draft.js';
import { factsOf } from '../facts-of.js';
import { operatorOf } from '../operators/classes.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const doubles: Pass = {
  name: 'doubles',
  after: ['transposed', 'outputs'],
  apply(draft) {
    const facts = factsOf(draft);
    const isDouble = (name: string): boolean => facts.get(name)?.element === 'double';
    const found = draft.model.graph.nodes.filter(
      (node) => operatorOf(node)?.floatOnly === true && isDouble(node.inputs[0] ?? ''),
    );
    if (found.length === 0) return nothing('every operator on double has a kernel for it');
    for (const node of found) throughFloat(draft, node, isDouble);
    const operators = [...new Set(found.map(({ op }) => op))].join(', ');
    draft.warnings.push({
      code: 'FLOAT_OPERATORS',
      message: `ONNX Runtime computes ${operators} in float only: between numbers of double, they are rounded.`,
    });
    return done(`${found.length} nodes work in float, for double has no kernel (${operators})`);
  },
};

function throughFloat(draft: Draft, node: Node, isDouble: (name: string) => boolean): void {
  const to = (element: 'float' | 'double') => ({ to: int(ELEMENT_TYPES.indexOf(element)) });
  draft.index.setInputs(
    node,
    node.inputs.map((name) => (isDouble(name) ? emit(draft, 'Cast', [name], to('float')) : name)),
  );
  const outputs = node.outputs.map((output) => (output === '' ? '' : fresh(draft, 'single')));
  const doubles = [...node.outputs];
  draft.index.setOutputs(node, outputs);
  for (const [index, result] of outputs.entries()) {
    const output = doubles[index] ?? '';
    if (output !== '') draft.model.graph.nodes.push(makeNode('Cast', [result], [output], to('double')));
  }
}
