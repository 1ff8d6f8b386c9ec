/**
 * A Gemm without a bias gets one of zero: with an activation behind it, ONNX Runtime 1.12.1 fuses the two into an operator of
 * its own whose bias may not be absent, and then refuses the model.
 */

import type { Pass } from '../draft.js';
import { constant, done, nothing } from '../draft.js';
import { infer } from '../infer.js';
import { numberTensor } from '../tensors.js';

const BIAS = 2;

export const products: Pass = {
  name: 'products',
  apply(draft) {
    const { graph } = draft.model;
    const facts = infer(draft);
    const bare = graph.nodes.flatMap((node) => {
      const element = facts.get(node.inputs[0] ?? '')?.element;
      if (node.op !== 'Gemm' || (node.inputs[BIAS] ?? '') !== '') return [];
      return element === 'float' || element === 'double' ? [{ node, element }] : [];
    });
    for (const { node, element } of bare) {
      node.inputs = [...node.inputs.slice(0, BIAS), constant(draft, numberTensor(element, [1], [0]))];
    }
    if (bare.length === 0) return nothing(draft, 'every Gemm has a bias');
    return done(draft, `${bare.length} Gemm without a bias got one of zero`);
  },
};
