/** Which weights can be kept in half precision, and what that changes. */

import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from './float16.js';
import type { Tensor } from './model.js';

/** Smaller tensors are biases, scales and epsilons: nothing is gained by them, and much may hang on them. */
const FEWEST_VALUES = 256;

/** A Cast node and the name between. */
export const CAST_BYTES = 64;

export interface Halved {
  data: Uint8Array;
  /** The largest change, as a share of the tensor's largest value. */
  change: number;
}

/** Rounding to 11 bits changes a value by half a unit of the last: more than that, and the tensor is too small for the type. */
const MOST_CHANGE = 2 ** -11;

/** Null for what stays in float32: not weights, beyond the range, or so small that precision would be lost. */
export function halved(tensor: Tensor): Halved | null {
  if (!isWeights(tensor)) return null;
  const values = floatsOf(tensor);
  const halves = new Uint16Array(values.length);
  let largest = 0;
  let worst = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
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

/** A view where the bytes lie on a multiple of four, a copy where they do not. */
function floatsOf({ data }: Tensor): Float32Array {
  const { buffer, byteOffset, length } = data;
  return byteOffset % 4 === 0
    ? new Float32Array(buffer, byteOffset, length / 4)
    : new Float32Array(data.slice().buffer);
}
