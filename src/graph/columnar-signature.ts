/** The signature of a graph that is columnar already, whoever wrote it: the official quickstart's models are. */

import { columnTypeSchema, type Signature, SQL_TYPES } from '../signature.js';
import type { TargetProfile } from '../targets/targets.js';
import { loadModel } from './codec/loaded-model.js';
import type { ValueInfo } from './codec/model.js';
import { checkContract } from './contract.js';
import { signatureOf } from './metadata.js';

/** Throws CORRUPT_MODEL, and what checkContract throws for a graph that PREDICT on the target cannot score. */
export function columnarSignature(bytes: Uint8Array, target: TargetProfile): Signature {
  const { model } = loadModel(bytes);
  checkContract(model, target, bytes.length);
  return (
    signatureOf(model) ?? {
      inputs: model.graph.inputs.map((value) => ({ ...column(value), nulls: 'error' as const })),
      outputs: model.graph.outputs.map((value) => ({ ...column(value), role: 'value' as const })),
    }
  );
}

/** checkContract has made sure that it is a tensor of one of the four types. */
function column({ name, type }: ValueInfo) {
  const element = columnTypeSchema.parse(type.kind === 'tensor' ? type.element : type.kind);
  return { name, type: element, sqlType: SQL_TYPES[element] };
}
