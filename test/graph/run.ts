/** Runs graphs in the runtimes that they must run in, for the tests beside it. */

import { readFileSync } from 'node:fs';
import { NativeTensor, openNative } from '../../src/inference/binding.js';
import { ensureRuntime } from '../../src/runtimes/ensure.js';
import { NODE_RUNTIMES, type NodeRuntimeVersion } from '../../src/runtimes/manifest.js';
import type { Signature } from '../../src/signature.js';

/** 1.12.1 is the runtime inside SQL Edge 2.0. */
export const RUNTIME_NAMES = NODE_RUNTIMES;
export type RuntimeName = NodeRuntimeVersion;

export type Values = number[] | string[];

export interface Feed {
  type: 'float' | 'double' | 'int32' | 'int64' | 'string';
  dims: number[];
  values: Values;
}

export interface Result {
  dims: number[];
  values: (number | string)[];
}

export async function runGraph(
  bytes: Uint8Array,
  feeds: Record<string, Feed>,
  runtime: RuntimeName = '1.30.0',
  fetches?: string[],
): Promise<Record<string, Result>> {
  const { binding } = await ensureRuntime(runtime);
  const session = openNative(binding, bytes);
  const tensors = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)] as const);
  const results = session.run(Object.fromEntries(tensors), fetches);
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { dims: [...dims], values: Array.from(data as ArrayLike<unknown>, plain) },
    ]),
  );
}

function plain(value: unknown): number | string {
  return typeof value === 'string' ? value : Number(value);
}

function tensorOf({ type, dims, values }: Feed): NativeTensor {
  switch (type) {
    case 'float':
      return new NativeTensor('float32', Float32Array.from(values.map(Number)), dims);
    case 'double':
      return new NativeTensor('float64', Float64Array.from(values.map(Number)), dims);
    case 'int32':
      return new NativeTensor('int32', Int32Array.from(values.map(Number)), dims);
    case 'int64':
      return new NativeTensor('int64', BigInt64Array.from(values.map((value) => BigInt(value))), dims);
    case 'string':
      return new NativeTensor('string', values, dims);
  }
}

export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`fixtures/${name}.onnx`, import.meta.url));
}

/** Rows as columns of a normalised model: text becomes its code, or −1 unknown and −2 for null. */
export function columnFeeds(
  signature: Signature,
  columns: Record<string, (number | string | null)[]>,
): Record<string, Feed> {
  return Object.fromEntries(
    signature.inputs.map(({ name, type, categories }) => {
      const values = (columns[name] ?? []).map((value) =>
        value === null ? -2 : typeof value === 'string' ? (categories?.indexOf(value) ?? -1) : value,
      );
      return [name, { type, dims: [values.length, 1], values }];
    }),
  );
}

/** Numbers between −2 and 2, the same each time. */
export function numbers(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.fround((state / 0x7fffffff) * 4 - 2);
  });
}

/** Row-major values of rows × columns as columns. */
export function columnsOf(names: string[], rows: number[]): Record<string, number[]> {
  return Object.fromEntries(names.map((name, at) => [name, rows.filter((_, index) => index % names.length === at)]));
}
