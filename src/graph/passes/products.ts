/**
 * A Gemm without a bias in front of an activation gets one of zero: ONNX Runtime 1.12.1 fuses the two into an operator of its
 * own whose bias it does not let be absent, and then refuses the model.
 */

import type { Pass } from '../draft.js';
import { constant, consumers, done, nothing } from '../draft.js';
import { infer } from '../infer.js';
import { numberTensor } from '../tensors.js';

const BIAS = 2;
const FUSED = new Set([
  'Elu',
  'HardSigmoid',
  'LeakyRelu',
  'Relu',
  'Selu',
  'Sigmoid',
  'Softplus',
  'Softsign',
  'Tanh',
  'ThresholdedRelu',
]);

export const products: Pass = {
  name: 'products',
  apply(draft) {
    const { graph } = draft.model;
    const facts = infer(draft);
    const readers = consumers(graph);
    const bare = graph.nodes.flatMap((node) => {
      const element = facts.get(node.inputs[0] ?? '')?.element;
      const next = readers.get(node.outputs[0] ?? '') ?? [];
      if (node.op !== 'Gemm' || (node.inputs[BIAS] ?? '') !== '' || !next.some(({ op }) => FUSED.has(op))) return [];
      return element === 'float' || element === 'double' ? [{ node, element }] : [];
    });
    for (const { node, element } of bare) {
      node.inputs = [...node.inputs.slice(0, BIAS), constant(draft, numberTensor(element, [1], [0]))];
    }
    if (bare.length === 0) return nothing(draft, 'every Gemm has a bias');
    return done(draft, `${bare.length} Gemm without a bias got one of zero`);
  },
};
