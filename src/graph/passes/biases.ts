/** Gemm in front of an activation: ONNX Runtime fuses the two, and then misses a bias (1.12.1), or a kernel for double (all). */

import type { Draft, Pass } from '../draft.js';
import { constant, consumers, done, fresh, makeNode, nothing } from '../draft.js';
import { infer } from '../infer.js';
import type { Node } from '../model.js';
import { numberTensor } from '../tensors.js';

/** What its GemmActivationFusion takes. */
const FUSED = new Set('Elu HardSigmoid LeakyRelu Relu Selu Sigmoid Softplus Softsign Tanh ThresholdedRelu'.split(' '));

export const biases: Pass = {
  name: 'biases',
  apply(draft) {
    const { graph } = draft.model;
    const readers = consumers(graph);
    const fused = graph.nodes.filter(
      ({ op, outputs }) => op === 'Gemm' && readers.get(outputs[0] ?? '')?.some((node) => FUSED.has(node.op)),
    );
    const facts = infer(draft);
    const isDouble = (node: Node): boolean => facts.get(node.inputs[0] ?? '')?.element === 'double';
    const bare = fused.filter((node) => (node.inputs[2] ?? '') === '' && !isDouble(node));
    const double = fused.filter(isDouble);
    for (const node of bare)
      node.inputs = [...node.inputs.slice(0, 2), constant(draft, numberTensor('float', [1], [0]))];
    for (const node of double) keepApart(draft, node);
    if (fused.length === 0) return nothing(draft, 'no Gemm is in front of an activation');
    if (bare.length + double.length === 0) return nothing(draft, 'each Gemm in front of an activation has a bias');
    return done(
      draft,
      `Gemm in front of an activation: ${bare.length} add a bias of 0, ${double.length} of double are kept apart from it`,
    );
  },
};

/** A Max of one tensor is that tensor, and no optimiser takes it away. */
function keepApart(draft: Draft, node: Node): void {
  const [output = ''] = node.outputs;
  const result = fresh(draft, 'gemm');
  node.outputs = [result];
  draft.model.graph.nodes.push(makeNode('Max', [result], [output]));
}
