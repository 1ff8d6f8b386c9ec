/** A model that was written for one row at a time (`--batch-dim 1`), made ready for many. */

import { encodeModel } from './codec/codec.js';
import type { LoadedModel } from './codec/loaded-model.js';
import type { ValueInfo } from './codec/model.js';

/** The same bytes where the rows are open already. Only the edge fixes them: nodes of a normalised graph take any number. */
export function withOpenBatch({ bytes, model }: LoadedModel): Uint8Array {
  const { inputs, outputs } = model.graph;
  if (!inputs.some(isFixed)) return bytes;
  const graph = { ...model.graph, inputs: inputs.map(opened), outputs: outputs.map(opened), values: [] };
  return encodeModel({ ...model, graph });
}

function isFixed({ type }: ValueInfo): boolean {
  return type?.kind === 'tensor' && type.shape?.[0] === 1;
}

function opened(info: ValueInfo): ValueInfo {
  const { type } = info;
  if (type?.kind !== 'tensor' || !type.shape) return info;
  return { ...info, type: { ...type, shape: ['N', ...type.shape.slice(1)] } };
}
