/** The memory behind DuckDB's vectors: values as one typed array, and which of them there are. */

import type { DuckDBVector } from '@duckdb/node-api';

export type NumericArray = Float32Array | Float64Array | Int32Array | BigInt64Array;

export function numbers(vector: DuckDBVector): NumericArray {
  const found = items(vector);
  if (found instanceof Float32Array || found instanceof Float64Array) return found;
  if (found instanceof Int32Array || found instanceof BigInt64Array) return found;
  throw new Error('DuckDB gave a vector of another type than the one selected');
}

export function flags(vector: DuckDBVector): Uint8Array {
  const found = items(vector);
  if (found instanceof Uint8Array) return found;
  throw new Error('DuckDB gave no flags');
}

/** One bit a row, 1 where there is a value; null when every row has one. */
export function validity(vector: DuckDBVector, rows: number): Uint8Array | null {
  const mask = 'validity' in vector ? vector.validity : undefined;
  if (typeof mask !== 'object' || mask === null || !('data' in mask)) throw new Error('DuckDB gave no validity');
  if (!(mask.data instanceof BigUint64Array)) return null;
  const bytes = new Uint8Array(mask.data.buffer, mask.data.byteOffset, Math.ceil(rows / 8));
  const last = bytes.length - 1;
  for (let index = 0; index < last; index++) if (bytes[index] !== 0xff) return bytes;
  const used = (1 << (rows - last * 8)) - 1;
  return ((bytes[last] ?? 0) & used) === used ? null : bytes;
}

function items(vector: DuckDBVector): unknown {
  return 'items' in vector ? vector.items : undefined;
}
