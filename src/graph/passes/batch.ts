/** Exporters that fix the batch at 1 also write it into Reshape: the number of rows becomes open there too. */

import type { Draft, Pass } from '../draft.js';
import { constant, done, initializersOf, nothing } from '../draft.js';
import { infer } from '../infer.js';
import { int64Tensor, numbersOf } from '../tensors.js';

export const batch: Pass = {
  name: 'batch',
  requires: (draft) => (draft.fixedBatch ? null : 'the number of rows is open'),
  apply(draft) {
    const count = openReshapes(draft);
    if (count === 0) return nothing(draft, 'the inputs were fixed at one row, nothing inside was');
    return done(draft, `${count} Reshape to one row now take any number of rows`);
  },
};

function openReshapes(draft: Draft): number {
  const constants = initializersOf(draft.model.graph);
  const facts = infer(draft);
  let count = 0;
  for (const node of draft.model.graph.nodes) {
    const tensor = node.op === 'Reshape' ? constants.get(node.inputs[1] ?? '') : undefined;
    if (tensor === undefined || facts.get(node.inputs[0] ?? '')?.shape?.[0] !== 'N') continue;
    const [rows, ...rest] = numbersOf(tensor);
    if (rows !== 1 || rest.includes(-1)) continue;
    node.inputs[1] = constant(draft, int64Tensor([-1, ...rest]));
    count += 1;
  }
  return count;
}
