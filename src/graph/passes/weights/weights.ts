/** `--weights float16`: weights are stored in half precision and cast back in the graph, so that the file is half as large. */

import { dropDead, fresh, makeNode } from '../../build.js';
import type { Tensor } from '../../codec/model.js';
import { ELEMENT_TYPES } from '../../codec/model.js';
import { int } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import type { Pass } from '../pass.js';
import { done, nothing } from '../pass.js';
import { halved } from './half-weights.js';

export const weights: Pass = {
  name: 'weights',
  after: ['duplicates'],
  requires: (draft) => (draft.options.weights === 'float16' ? null : 'weights stay as they are (--weights float16)'),
  apply(draft) {
    const { graph } = draft.model;
    let change = 0;
    let saved = 0;
    let count = 0;
    // Nodes that other passes left behind read weights too.
    dropDead(draft, draft.results);
    graph.initializers = graph.initializers.map((tensor) => {
      if (draft.index.readers(tensor.name).length === 0) return tensor;
      const half = halved(tensor);
      if (half === null) return tensor;
      change = Math.max(change, half.change);
      saved += tensor.data.length - half.data.length;
      count += 1;
      return castBack(draft, tensor, half.data);
    });
    if (count === 0) return nothing('no tensor of weights is large enough, and within the range of float16');
    draft.warnings.push({
      code: 'FLOAT16_WEIGHTS',
      message: `${count} tensors of weights are stored as float16 (${saved.toLocaleString('en-US')} bytes less), each value changed by up to ${change.toPrecision(2)} of the largest of its tensor; predictions change by about as much, so that --rtol and --atol say what is accepted`,
    });
    return done(`${count} tensors of weights became float16, ${saved} bytes less`);
  },
};

/** The name of the tensor is now that of what a Cast makes of it. */
function castBack(draft: Draft, tensor: Tensor, data: Uint8Array): Tensor {
  const name = fresh(draft, 'half');
  draft.model.graph.nodes.push(makeNode('Cast', [name], [tensor.name], { to: int(ELEMENT_TYPES.indexOf('float')) }));
  return { ...tensor, name, type: 'float16', data };
}
