/** What an ONNX file is, raw or normalised, and which targets load it; needs no Python. */

import { TARGET_IDS, TARGETS } from '../targets/targets.js';
import { decodeModel } from './codec/codec.js';
import type { Model, ValueInfo } from './codec/model.js';
import { checkWire } from './codec/wire.js';
import { contractViolations } from './contract.js';
import type { Edge, Inspection } from './inspection.js';
import { allNodes } from './walk.js';

export { readSignature } from './metadata.js';

/** Throws what checkWire throws. */
export function inspect(bytes: Uint8Array): Inspection {
  checkWire(bytes);
  const model = decodeModel(bytes);
  const initializers = new Set(model.graph.initializers.map(({ name }) => name));
  return {
    bytes: bytes.length,
    ir: model.ir,
    producer: [model.producer, model.producerVersion].filter((part) => part !== '').join(' '),
    opsets: newestImports(model),
    inputs: model.graph.inputs.filter(({ name }) => !initializers.has(name)).map(describe),
    outputs: model.graph.outputs.map(describe),
    operators: countOperators(model),
    metadata: Object.fromEntries(model.metadata),
    targets: TARGET_IDS.map((target) => {
      const reasons = contractViolations(model, TARGETS[target], bytes.length).map(({ message }) => message);
      return { target, fits: reasons.length === 0, reasons };
    }),
  };
}

function newestImports(model: Model): Record<string, number> {
  const newest = new Map<string, number>();
  for (const { domain, version } of model.opsets) newest.set(domain, Math.max(version, newest.get(domain) ?? 0));
  return Object.fromEntries(newest);
}

function describe({ name, type }: ValueInfo): Edge {
  if (type.kind !== 'tensor') return { name, type: type.kind, shape: [] };
  return { name, type: type.element, shape: (type.shape ?? []).map((size) => size ?? '?') };
}

function countOperators(model: Model): Inspection['operators'] {
  const counts = new Map<string, { domain: string; type: string; count: number }>();
  for (const { domain, op } of allNodes(model.graph)) {
    const key = `${domain}.${op}`;
    const entry = counts.get(key) ?? { domain, type: op, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  }
  return [...counts.values()].sort((one, other) => other.count - one.count || (one.type < other.type ? -1 : 1));
}
