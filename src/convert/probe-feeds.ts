/** Inputs for any graph, filled with ones, to learn by a run which shapes its outputs have. */

import { PredictableError } from '../errors.js';
import type { Dimension, ElementType, Model, ValueInfo } from '../graph/codec/model.js';
import { OBSERVED_ROWS } from '../graph/normalize-options.js';
import type { Tensor, TensorData } from '../tensor.js';

/** Throws UNSUPPORTED_TYPE when an input is of a kind that a column cannot feed. */
export function probeFeeds({ graph }: Model): Record<string, Tensor> {
  const initialised = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !initialised.has(name));
  return Object.fromEntries(inputs.map((input) => [input.name, ones(input)]));
}

function ones({ name, type }: ValueInfo): Tensor {
  if (type.kind !== 'tensor') throw unsupported(name, type.kind);
  const shape = (type.shape ?? [null, 1]).map(size);
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  return { ...filled(name, type.element, length), shape };
}

function size(dimension: Dimension): number {
  return typeof dimension === 'number' && dimension > 0 ? dimension : OBSERVED_ROWS;
}

function filled(name: string, element: ElementType, length: number): { type: Tensor['type']; data: TensorData } {
  switch (element) {
    case 'float':
      return { type: element, data: new Float32Array(length).fill(1) };
    case 'double':
      return { type: element, data: new Float64Array(length).fill(1) };
    case 'int32':
      return { type: element, data: new Int32Array(length).fill(1) };
    case 'int64':
      return { type: element, data: new BigInt64Array(length).fill(1n) };
    case 'bool':
      return { type: element, data: new Uint8Array(length).fill(1) };
    case 'string':
      return { type: element, data: Array.from({ length }, () => '') };
    default:
      throw unsupported(name, element);
  }
}

function unsupported(name: string, type: string): PredictableError {
  return new PredictableError('UNSUPPORTED_TYPE', `input ${name} is of type ${type}, which no column can feed`, {
    hint: 'Export the model with float, double, int32 or int64 inputs.',
  });
}
