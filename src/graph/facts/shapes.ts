/** Shapes of tensors whose number of rows is open, and what operators make of them. */

import type { Node } from '../codec/model.js';
import { intOf, intsOf } from '../codec/tensors.js';

/** `N` is the number of rows, `30N` thirty times that; null is unknown. */
export type Size = number | Rows | null;
type Rows = 'N' | `${number}N`;

interface Shaped {
  shape: Size[] | null;
}

export function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function broadcast(inputs: (Shaped | undefined)[]): Size[] | null {
  const shapes = inputs.map((input) => input?.shape ?? null);
  if (shapes.some((shape) => shape === null)) return null;
  const full = shapes as Size[][];
  const rank = Math.max(...full.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis): Size => {
    const sizes = full.map((shape) =>
      axis - rank + shape.length < 0 ? 1 : (shape[axis - rank + shape.length] ?? null),
    );
    return sizes.find((size) => size !== 1 && size !== null) ?? (sizes.includes(null) ? null : 1);
  });
}

export function matrix(left: Size[] | null, right: Size[] | null): Size[] | null {
  if (!left || !right || left.length < 2 || right.length !== 2) return null;
  return [...left.slice(0, -1), right[1] ?? null];
}

/** MatMul of stacks of matrices, whose leading axes broadcast. */
export function matrices(left: Size[] | null, right: Size[] | null): Size[] | null {
  if (!left || !right || left.length < 2 || right.length < 2) return null;
  if (right.length === 2) return matrix(left, right);
  const stacks = broadcast([{ shape: left.slice(0, -2) }, { shape: right.slice(0, -2) }]);
  return stacks && [...stacks, left.at(-2) ?? null, right.at(-1) ?? null];
}

export function concatenated(inputs: (Shaped | undefined)[], rawAxis: number): Size[] | null {
  const shapes = inputs.map((input) => input?.shape ?? null);
  const [first] = shapes;
  if (!first || shapes.some((shape) => shape === null)) return null;
  const axis = positive(rawAxis, first.length);
  const sizes = shapes.map((shape) => shape?.[axis] ?? null);
  const total = sizes.every((size) => typeof size === 'number')
    ? sizes.reduce<number>((sum, size) => sum + Number(size), 0)
    : sizes.every((size) => typeof size === 'string')
      ? rows(sizes.reduce<number>((sum, size) => sum + rowFactor(size), 0))
      : null;
  return first.map((size, index) => (index === axis ? total : size));
}

/** Values per row are kept by a Reshape, so that the open size follows from the fixed ones. */
export function reshaped(shape: Size[] | null, target: number[] | null): Size[] | null {
  if (!target) return null;
  const sizes = target.map((size, axis): Size | undefined =>
    size === 0 ? (shape?.[axis] ?? null) : size > 0 ? size : undefined,
  );
  const open = shape === null ? null : perRow(shape);
  const fixed = perRow(sizes.filter((size) => size !== undefined));
  return sizes.map((size): Size => {
    if (size !== undefined) return size;
    if (open === null || fixed === null || open.values % fixed.values !== 0) return null;
    const factor = open.values / fixed.values;
    if (open.rows === fixed.rows) return factor;
    return open.rows && !fixed.rows ? rows(factor) : null;
  });
}

/** The number of values as a multiple of N (`rows`) or as it is; null when a size is unknown. */
export function perRow(shape: Size[]): { values: number; rows: boolean } | null {
  let values = 1;
  let hasRows = false;
  for (const size of shape) {
    if (size === null || (typeof size === 'string' && hasRows)) return null;
    values *= typeof size === 'number' ? size : rowFactor(size);
    hasRows ||= typeof size === 'string';
  }
  return { values, rows: hasRows };
}

export function rows(factor: number): Rows {
  return factor === 1 ? 'N' : `${factor}N`;
}

function rowFactor(size: Size): number {
  return size === 'N' ? 1 : Number(String(size).slice(0, -1));
}

/** From which place to which, along which axes and in which steps; null for what is left out or computed. */
interface Bounds {
  starts: number[] | null;
  ends: number[] | null;
  axes: number[] | null;
  steps: number[] | null;
}

export function sliced(shape: Size[] | null, { starts, ends, axes, steps }: Bounds): Size[] | null {
  if (!shape || !starts || !ends) return null;
  const result = [...shape];
  for (const [index, axis] of (axes ?? [...starts.keys()]).entries()) {
    const at = positive(axis, shape.length);
    const size = shape[at];
    if (typeof size !== 'number') return null;
    const step = steps?.[index] ?? 1;
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const bound = (value: number): number => Math.max(low, Math.min(high, value < 0 ? value + size : value));
    result[at] = Math.max(0, Math.ceil((bound(ends[index] ?? size) - bound(starts[index] ?? 0)) / step));
  }
  return result;
}

export function flattened(shape: Size[] | null, axis: number): Size[] | null {
  if (!shape) return null;
  const at = positive(axis, shape.length);
  const [before, after] = [perRow(shape.slice(0, at)), perRow(shape.slice(at))];
  if (before === null || after === null) return null;
  return [before, after].map((part) => (part.rows ? rows(part.values) : part.values));
}

export function reduced(shape: Size[] | null, axes: number[], keep: boolean): Size[] | null {
  if (!shape) return null;
  const gone = axes.map((axis) => positive(axis, shape.length));
  return keep
    ? shape.map((size, axis) => (gone.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !gone.includes(axis));
}

export function splitShape(shape: Size[], node: Node, sizes: number[] | null, part: number): Size[] {
  const axis = positive(intOf(node, 'axis', 0), shape.length);
  const size = shape[axis];
  const parts = node.inputs.length > 1 || intsOf(node, 'split') ? null : node.outputs.length;
  return shape.map((value, index) =>
    index !== axis ? value : parts !== null && typeof size === 'number' ? size / parts : (sizes?.[part] ?? null),
  );
}
