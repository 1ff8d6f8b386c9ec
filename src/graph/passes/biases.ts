/** Gemm in front of an activation: ONNX Runtime fuses the two, and then misses a bias (1.12.1), or a kernel for double (all). */

import { constant, fresh, makeNode } from '../build.js';
import type { Node } from '../codec/model.js';
import { numberTensor } from '../codec/tensors.js';
import type { Draft } from '../draft.js';
import { factsOf } from '../facts-of.js';
import { operatorOf } from '../operators/classes.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const biases: Pass = {
  name: 'biases',
  after: ['transposed', 'doubles'],
  apply(draft) {
    const { graph } = draft.model;
    const products = graph.nodes.filter(({ op }) => op === 'Gemm');
    const fused = products.filter(({ outputs }) =>
      draft.index.readers(outputs[0] ?? '').some((reader) => operatorOf(reader)?.fusedBehindGemm),
    );
    const facts = factsOf(draft);
    const elementOf = (node: Node) => facts.get(node.inputs[0] ?? '')?.element ?? 'float';
    // Wherever they stand: an optimiser takes away what is between, such as the Add of a bias of 0, before it fuses.
    const bare = products.filter((node) => (node.inputs[2] ?? '') === '' && elementOf(node) === 'float');
    const double = fused.filter((node) => elementOf(node) === 'double');
    for (const node of bare)
      draft.index.setInputs(node, [...node.inputs.slice(0, 2), constant(draft, numberTensor('float', [1], [0]))]);
    for (const node of double) keepApart(draft, node);
    if (bare.length + double.length === 0) return nothing('each Gemm has a bias');
    return done(
      `${bare.length} Gemm add a bias of 0, ${double.length} of double are kept apart from the activation behind them`,
    );
  },
};

/** A Max of one tensor is that tensor, and no optimiser takes it away. */
function keepApart(draft: Draft, node: Node): void {
  const [output = ''] = node.outputs;
  const result = fresh(draft, 'gemm');
  draft.index.setOutputs(node, [result]);
  draft.model.graph.nodes.push(makeNode('Max', [result], [output]));
}
