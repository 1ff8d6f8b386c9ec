/** Tensors and attributes made from numbers, and read as numbers. */

import { PredictableError } from '../../errors.js';
import type { Attribute, Int64, Node, Tensor } from './model.js';

type Numeric = 'float' | 'double' | 'int32' | 'int64' | 'bool';

export function numberTensor(type: Numeric, dims: number[], values: ArrayLike<number>): Tensor {
  return { name: '', type, dims, doc: '', data: bytesOf(type, values), strings: [] };
}

export function int64Tensor(values: Int64[], dims = [values.length]): Tensor {
  const data = BigInt64Array.from(values, BigInt);
  return { name: '', type: 'int64', dims, doc: '', data: new Uint8Array(data.buffer), strings: [] };
}

/** The values of a tensor of a numeric type as numbers; int64 beyond 2^53 loses its low bits. */
export function numbersOf(tensor: Tensor): number[] {
  const { data } = tensor;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = (width: number, get: (offset: number) => number): number[] =>
    Array.from({ length: Math.floor(data.byteLength / width) }, (_, index) => get(index * width));
  switch (tensor.type) {
    case 'float':
      return read(4, (offset) => view.getFloat32(offset, true));
    case 'double':
      return read(8, (offset) => view.getFloat64(offset, true));
    case 'int32':
      return read(4, (offset) => view.getInt32(offset, true));
    case 'int64':
      return read(8, (offset) => Number(view.getBigInt64(offset, true)));
    case 'bool':
      return read(1, (offset) => view.getUint8(offset));
    default:
      throw new PredictableError('UNSUPPORTED_TYPE', `constant "${tensor.name}" is of type ${tensor.type}`, {
        hint: 'Export the model with float32 constants.',
      });
  }
}

export function isReadable(tensor: Tensor): boolean {
  return ['float', 'double', 'int32', 'int64', 'bool'].includes(tensor.type);
}

function bytesOf(type: Numeric, values: ArrayLike<number>): Uint8Array {
  switch (type) {
    case 'float':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'double':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
    case 'bool':
      return Uint8Array.from(values);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export const int = (value: Int64): Attribute => ({ type: 'int', value });
export const float = (value: number): Attribute => ({ type: 'float', value });
export const ints = (value: Int64[]): Attribute => ({ type: 'ints', value });
export const floats = (value: number[]): Attribute => ({ type: 'floats', value });
export const string = (value: string): Attribute => ({ type: 'string', value: utf8(value) });
export const strings = (value: string[]): Attribute => ({ type: 'strings', value: value.map(utf8) });

export function intOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'int' ? Number(attribute.value) : fallback;
}

export function floatOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'float' ? attribute.value : fallback;
}

export function stringOf(node: Node, name: string, fallback: string): string {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'string' ? text(attribute.value) : fallback;
}

export function intsOf(node: Node, name: string): Int64[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'ints' && attribute.value.length > 0 ? attribute.value : null;
}

export function floatsOf(node: Node, name: string): number[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'floats' && attribute.value.length > 0 ? attribute.value : null;
}

export function stringsOf(node: Node, name: string): string[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'strings' && attribute.value.length > 0 ? attribute.value.map(text) : null;
}
