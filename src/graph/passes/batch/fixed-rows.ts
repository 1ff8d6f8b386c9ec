/** What a graph knows of rows whose number an exporter fixed, and how constants made for that number are made to fit any. */

import { constant, emit } from '../../build.js';
import type { Node, Tensor } from '../../codec/model.js';
import { int, int64Tensor } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { operatorsOf } from '../../operators/classes.js';
import { type Layout, mixesRows, product } from './layout.js';
import type { Values } from './values.js';

export interface FixedRows {
  draft: Draft;
  /** The number of rows that the exporter fixed. */
  count: number;
  /** A graph input, whose first axis is the rows. */
  input: string;
  layouts: Map<string, Layout>;
  values: Values;
  /** What was changed, for the report: operator by operator. */
  changes: string[];
}

export function replaceInput({ draft }: FixedRows, node: Node, index: number, tensor: string): void {
  draft.index.setInputs(
    node,
    node.inputs.map((name, at) => (at === index ? tensor : name)),
  );
}

/** A tensor made for the fixed number of rows, cut to one on that axis, which then fits any by broadcasting. */
export function oneRow(state: FixedRows, node: Node, index: number, axis: number): void {
  const name = node.inputs[index] ?? '';
  const dims = state.layouts.get(name)?.dims ?? [];
  if (dims[axis] === 1) return;
  const tensor = state.draft.index.constant(name);
  const one = tensor ? firstOf(tensor, axis) : null;
  let cut: string;
  if (one !== null) cut = constant(state.draft, one);
  else if (isUniform(state, name, axis)) {
    const bounds = [0, 1, axis].map((value) => constant(state.draft, int64Tensor([value])));
    cut = emit(state.draft, 'Slice', [name, ...bounds]);
  } else throw mixesRows(node, name, 'reads a constant that differs from row to row');
  state.layouts.set(cut, { dims: dims.map((size, at) => (at === axis ? 1 : size)), rows: 'none' });
  replaceInput(state, node, index, cut);
  state.changes.push(`${node.op}: a constant for ${state.count} rows`);
}

/** A tensor made for the fixed number of rows, cut to one row and repeated for each row that comes in: for operators that do not broadcast. */
export function everyRow(state: FixedRows, node: Node, index: number, axis: number): void {
  oneRow(state, node, index, axis);
  const name = node.inputs[index] ?? '';
  const dims = state.layouts.get(name)?.dims ?? [];
  const ones = (count: number): string[] =>
    count > 0 ? [constant(state.draft, int64Tensor(Array.from({ length: count }, () => 1)))] : [];
  const parts = [...ones(axis), rowCount(state), ...ones(dims.length - axis - 1)];
  const shape = parts.length === 1 ? (parts[0] ?? '') : emit(state.draft, 'Concat', parts, { axis: int(0) });
  const wide = emit(state.draft, 'Expand', [name, shape]);
  state.layouts.set(wide, {
    dims: dims.map((size, at) => (at === axis ? state.count : size)),
    rows: { axis, lead: 1 },
  });
  replaceInput(state, node, index, wide);
  state.changes.push(`${node.op}: a constant is repeated for each row`);
}

/** The number of rows at run time, as a tensor [1]. */
export function rowCount(state: FixedRows): string {
  const shape = emit(state.draft, 'Shape', [state.input]);
  return emit(state.draft, 'Gather', [shape, constant(state.draft, int64Tensor([0]))], { axis: int(0) });
}

/** The first slice along an axis, when all are equal. */
function firstOf(tensor: Tensor, axis: number): Tensor | null {
  if (tensor.type === 'string') return null;
  const { dims, data } = tensor;
  const count = dims[axis] ?? 1;
  const before = product(dims.slice(0, axis));
  const block = data.length / before / count;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const kept = new Uint8Array(before * block);
  for (let outer = 0; outer < before; outer += 1) {
    const start = outer * count * block;
    const first = bytes.subarray(start, start + block);
    for (let at = 1; at < count; at += 1) {
      if (!first.equals(bytes.subarray(start + at * block, start + (at + 1) * block))) return null;
    }
    kept.set(first, outer * block);
  }
  return { ...tensor, dims: dims.map((size, at) => (at === axis ? 1 : size)), data: kept };
}

/** Whether a tensor computed from constants is equal along an axis, counted from its end where ranks differ. */
function isUniform(state: FixedRows, name: string, axis: number): boolean {
  const dims = state.layouts.get(name)?.dims;
  if (!dims) return false;
  const tensor = state.draft.index.constant(name);
  if (tensor) return firstOf(tensor, axis) !== null;
  const node = state.draft.index.maker(name);
  if (node?.op === 'ConstantOfShape') return true;
  if (node === undefined || !(UNIFORM.has(node.op) || REPEATS.has(node.op))) return false;
  const read = REPEATS.has(node.op) ? node.inputs.slice(0, 1) : node.inputs;
  return read.every((input) => {
    const sizes = state.layouts.get(input)?.dims;
    if (!sizes) return false;
    const at = axis - dims.length + sizes.length;
    return at < 0 || sizes[at] === 1 || isUniform(state, input, at);
  });
}

/** What they make of values that are equal along an axis is so too. */
const UNIFORM = new Set(
  operatorsOf('elementwise', 'broadcast', 'comparison').flatMap(({ op, notUniform }) => (notUniform ? [] : [op])),
);

/** Repeat what they read first as often as the rest says. */
const REPEATS = new Set(['Expand', 'Tile']);
