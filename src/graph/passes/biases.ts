/** Gemm without a bias in front of an activation: ONNX Runtime 1.12.1 fuses the two, and then misses the bias. */

import type { Pass } from '../draft.js';
import { constant, consumers, done, nothing } from '../draft.js';
import { infer } from '../infer.js';
import { numberTensor } from '../tensors.js';

/** What its GemmActivationFusion takes. */
const FUSED = new Set('Elu HardSigmoid LeakyRelu Relu Selu Sigmoid Softplus Softsign Tanh ThresholdedRelu'.split(' '));

export const biases: Pass = {
  name: 'biases',
  apply(draft) {
    const { graph } = draft.model;
    const readers = consumers(graph);
    const bare = graph.nodes.filter(
      ({ op, inputs, outputs }) =>
        op === 'Gemm' && (inputs[2] ?? '') === '' && readers.get(outputs[0] ?? '')?.some((node) => FUSED.has(node.op)),
    );
    if (bare.length === 0) return nothing(draft, 'no Gemm without a bias is in front of an activation');
    const facts = infer(draft);
    for (const node of bare) {
      const element = facts.get(node.inputs[0] ?? '')?.element === 'double' ? 'double' : 'float';
      node.inputs = [...node.inputs.slice(0, 2), constant(draft, numberTensor(element, [1], [0]))];
    }
    return done(draft, `${bare.length} Gemm in front of an activation add a bias of 0`);
  },
};
