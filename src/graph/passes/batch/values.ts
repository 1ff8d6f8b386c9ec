/** What shape arithmetic comes to: exporters compute the shapes of Reshape and Expand by small graphs. */

import type { Node, Tensor } from '../../codec/model.js';
import { intOf, intsOf, isReadable, numbersOf, numberTensor } from '../../codec/tensors.js';
import { positive } from '../../facts/shapes.js';
import type { Layout } from './layout.js';
import { placeOf } from './layout.js';

/** A number, and whether the graph computes it from the number of rows: then it is right for any. */
export interface Value {
  value: number;
  open: boolean;
}

export type Values = Map<string, Value[]>;

/** Shapes are short; a table of weights is nothing that a shape is made of. */
const LONGEST = 64;

export function valuesOf(tensor: Tensor): Value[] | null {
  const { type, dims } = tensor;
  if (type === 'string' || !isReadable(tensor) || dims.reduce((total, size) => total * size, 1) > LONGEST) return null;
  return numbersOf(tensor).map((value) => ({ value, open: false }));
}

/** The values of a node's output; null when it is not a few numbers that are known. */
export function evaluate(node: Node, inputs: (Value[] | undefined)[], input: Layout | undefined): Value[] | null {
  if (node.op === 'Shape') return shapeOf(node, input);
  const [first, second, third] = inputs;
  switch (node.op) {
    case 'ConstantOfShape': {
      const count = first?.reduce((total, { value }) => total * value, 1) ?? LONGEST + 1;
      if (count > LONGEST || first?.some(({ open }) => open)) return null;
      const attribute = node.attributes.get('value');
      const [value = 0] = attribute?.type === 'tensor' ? numbersOf(attribute.value) : [0];
      return Array.from({ length: count }, () => ({ value, open: false }));
    }
    case 'Concat':
      return inputs.every((part) => part !== undefined) ? inputs.flat() : null;
    case 'Where':
      return first && second && third && first.length <= LONGEST
        ? zipped([first, second, third], ([condition = 0, yes = 0, no = 0]) => (condition ? yes : no))
        : null;
  }
  if (first === undefined) return null;
  if (SAME.has(node.op)) return first;
  switch (node.op) {
    case 'Cast':
      return intOf(node, 'to', 1) === 7 || intOf(node, 'to', 1) === 6
        ? first.map(({ value, open }) => ({ value: Math.trunc(value), open }))
        : first;
    case 'Gather':
      return second && intOf(node, 'axis', 0) === 0
        ? second.flatMap(({ value }) => first.at(value) ?? { value: Number.NaN, open: true })
        : null;
    case 'Slice':
      return slice(first, second?.[0]?.value, third?.[0]?.value, inputs[4]?.[0]?.value ?? 1);
    case 'ReduceProd':
      return [{ value: first.reduce((total, { value }) => total * value, 1), open: first.some(({ open }) => open) }];
    default: {
      const compute = ARITHMETIC[node.op];
      return compute && second ? zipped([first, second], ([a = 0, b = 0]) => compute(a, b)) : null;
    }
  }
}

/** As a constant, for the rules that read constants. */
export function valuesTensor(name: string, values: Value[], dims: number[]): Tensor {
  return {
    ...numberTensor(
      'int64',
      dims,
      values.map(({ value }) => (Number.isInteger(value) ? value : 0)),
    ),
    name,
  };
}

/** On flat lists, these change the shape alone. */
const SAME = new Set(['Identity', 'Unsqueeze', 'Squeeze', 'Reshape', 'Flatten']);

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Mod: (a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b)),
  Max: Math.max,
  Min: Math.min,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
};

function shapeOf(node: Node, input: Layout | undefined): Value[] | null {
  if (!input?.dims || input.rows === 'unknown') return null;
  const axis = placeOf(input)?.axis;
  const all = input.dims.map((value, at) => ({ value, open: at === axis }));
  const end = node.attributes.has('end') ? intOf(node, 'end', 0) : all.length;
  return all.slice(intOf(node, 'start', 0), end);
}

function slice(values: Value[], start: number | undefined, end: number | undefined, step: number): Value[] | null {
  if (start === undefined || end === undefined) return null;
  if (step === 1) return values.slice(start, end);
  return step === -1 && start < 0 ? [...values].reverse() : null;
}

function zipped(lists: Value[][], compute: (values: number[]) => number): Value[] | null {
  const length = Math.max(...lists.map((list) => list.length));
  if (lists.some((list) => list.length !== length && list.length !== 1)) return null;
  return Array.from({ length }, (_, at) => {
    const parts = lists.map((list) => list[list.length === 1 ? 0 : at] ?? { value: 0, open: false });
    return { value: compute(parts.map(({ value }) => value)), open: parts.some(({ open }) => open) };
  });
}

/** The axes that an attribute or an input names, all from the front; null when they are computed, [] when none are given. */
export function axesOf(node: Node, values: Values, rank: number): number[] | null {
  const given =
    intsOf(node, 'axes')?.map(Number) ?? (node.inputs[1] ? values.get(node.inputs[1])?.map(({ value }) => value) : []);
  return given?.map((axis) => positive(axis, rank)) ?? null;
}
