/** ZipMap and sequences: the tensor beneath a map becomes the output, the tensors of a sequence stand side by side. */

import { PredictableError } from '../../errors.js';
import { emit } from '../build.js';
import { int } from '../codec/tensors.js';
import type { Draft, OutputPlan } from '../draft.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const maps: Pass = {
  name: 'maps',
  after: ['leftovers'],
  apply(draft) {
    const reasons = draft.outputs.flatMap((output) => open(draft, output));
    if (reasons.length === 0) return nothing('no output is a map or a sequence');
    return done(reasons.join('; '));
  },
  ensures(draft) {
    const types = new Map(draft.model.graph.outputs.map(({ name, type }) => [name, type]));
    for (const { rawOutput, tensor } of draft.outputs) {
      const declared = types.get(tensor);
      if (declared !== undefined && declared.kind !== 'tensor') {
        throw new PredictableError(
          'UNSUPPORTED_TYPE',
          `output "${rawOutput}" is a ${declared.kind}, made by ${draft.index.maker(tensor)?.op ?? 'no operator'}: SQL takes columns only`,
          { hint: 'Export the model so that this output is a tensor.' },
        );
      }
    }
  },
};

function open(draft: Draft, output: OutputPlan): string[] {
  const node = draft.index.maker(output.tensor);
  if (node?.op === 'ZipMap') {
    output.tensor = node.inputs[0] ?? '';
    return [`output "${output.rawOutput}": ZipMap removed`];
  }
  if (node?.op === 'SequenceConstruct') {
    output.tensor = emit(draft, 'Concat', node.inputs, { axis: int(1) });
    return [`output "${output.rawOutput}": ${node.inputs.length} tensors of a sequence joined`];
  }
  return [];
}
