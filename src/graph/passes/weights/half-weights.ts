/** Which weights can be kept in half precision, and what that changes. */

import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from '../../codec/float16.js';
import type { Tensor } from '../../codec/model.js';

/** Smaller tensors are biases, scales and epsilons: nothing is gained by them, and much may hang on them. */
const FEWEST_VALUES = 256;

/** A Cast node and the name between. */
const CAST_BYTES = 64;

interface Halved {
  data: Uint8Array;
  /** The largest change, as a share of the tensor's largest value. */
  change: number;
}

/** Rounding to 11 bits changes a value by half a unit of the last: more than that, and the tensor is too small for the type. */
const MOST_CHANGE = 2 ** -11;

/** Null for what stays in float32: not weights, beyond the range, or so small that precision would be lost. */
export function halved(tensor: Tensor): Halved | null {
  if (!isWeights(tensor)) return null;
  const { buffer, byteOffset, length } = tensor.data;
  // Weights lie anywhere in a file, where no array of floats can look at them, and a copy would be as large again.
  const view = new DataView(buffer, byteOffset, length);
  const halves = new Uint16Array(length / 4);
  let largest = 0;
  let worst = 0;
  for (let at = 0; at < halves.length; at += 1) {
    const value = view.getFloat32(at * 4, true);
    const magnitude = Math.abs(value);
    if (!(magnitude <= LARGEST_FLOAT16)) return null;
    const half = toFloat16(value);
    halves[at] = half;
    if (magnitude > largest) largest = magnitude;
    const error = Math.abs(fromFloat16(half) - value);
    if (error > worst) worst = error;
  }
  const change = largest === 0 ? 0 : worst / largest;
  return change > MOST_CHANGE ? null : { data: new Uint8Array(halves.buffer), change };
}

/** The bytes that a file of `bytes` would have, for the hint of MODEL_TOO_LARGE: the range is not looked at. */
export function bytesWithHalves(initializers: readonly Tensor[], bytes: number): number {
  return initializers.filter(isWeights).reduce((rest, { data }) => rest - data.length / 2 + CAST_BYTES, bytes);
}

function isWeights({ type, data }: Tensor): boolean {
  return type === 'float' && data.length >= FEWEST_VALUES * 4;
}
