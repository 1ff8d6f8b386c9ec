/** The columns [N,1] of an output, each cast where the edge wants another type. */

import type { ColumnType } from '../../../signature.js';
import { constant, emit, fresh, makeNode } from '../../build.js';
import type { ElementType } from '../../codec/model.js';
import { ELEMENT_TYPES } from '../../codec/model.js';
import { int, int64Tensor, ints } from '../../codec/tensors.js';
import type { Draft, OutputPlan } from '../../draft.js';
import type { Size } from '../../facts/shapes.js';

/** An output that is to become columns. */
export interface OutputShape {
  output: OutputPlan;
  /** Shape of its tensor; null when nobody knows. */
  shape: readonly Size[] | null;
  /** Element type of its tensor. */
  element: ElementType;
  /** Type of its columns. */
  type: ColumnType;
  /** How many values a row has. */
  width: number;
  /** Names of its columns, with `--top` those of the largest. */
  columns: string[];
  /** Names of the columns that `--outputs` leaves. */
  kept: string[];
}

/** One tensor [N,1] for each column that is kept. */
export function split(draft: Draft, whole: OutputShape): string[] {
  const { output, shape, element, columns, kept } = whole;
  const asColumn = (tensor: string): string => emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([-1, 1]))]);
  const stacked = draft.transposed.get(output.tensor);
  if (columns.length === 1) {
    if (stacked !== undefined) return [casted(draft, whole, asColumn(stacked))];
    const ready = shape?.length === 2 && shape[0] === 'N' && shape[1] === 1;
    return [casted(draft, whole, ready ? output.tensor : asColumn(output.tensor))];
  }
  const tensor = stacked ?? rowMajor(draft, whole);
  // ONNX Runtime 1.12.1 has no Split for double.
  const byGather = element === 'double' || kept.length * 2 < columns.length;
  const parts = (byGather ? gather : splitUp)(
    draft,
    whole,
    casted(draft, whole, tensor),
    stacked === undefined ? 1 : 0,
  );
  return stacked === undefined ? parts : parts.map(asColumn);
}

/** The output as one tensor [N,K] of the columns' type. */
export function asMatrix(draft: Draft, whole: OutputShape): string {
  return casted(draft, whole, rowMajor(draft, whole));
}

function casted(draft: Draft, { element, type }: OutputShape, tensor: string): string {
  return element === type ? tensor : emit(draft, 'Cast', [tensor], { to: int(ELEMENT_TYPES.indexOf(type)) });
}

/** [N,K], from whatever shape the rows have. */
function rowMajor(draft: Draft, { output: { tensor }, shape, width }: OutputShape): string {
  if (shape?.length === 2 && shape[0] === 'N') return tensor;
  const rows = shape?.indexOf('N') ?? 0;
  let turned = tensor;
  if (shape && rows > 0) {
    const order = [rows, ...shape.keys()].filter((axis, index) => index === 0 || axis !== rows);
    turned = emit(draft, 'Transpose', [tensor], { perm: ints(order) });
  }
  return emit(draft, 'Reshape', [turned, constant(draft, int64Tensor([-1, width]))]);
}

function gather(draft: Draft, { columns, kept }: OutputShape, tensor: string, axis: number): string[] {
  const places = new Map(columns.map((name, at) => [name, at]));
  return kept.map((name) =>
    emit(draft, 'Gather', [tensor, constant(draft, int64Tensor([places.get(name) ?? 0]))], { axis: int(axis) }),
  );
}

/** Fastest when most of the columns are wanted (100 of them on 1.12.1: half of what Gather takes). */
function splitUp(draft: Draft, { columns, kept }: OutputShape, tensor: string, axis: number): string[] {
  const parts = new Map(columns.map((name) => [name, fresh(draft, 'part')]));
  draft.model.graph.nodes.push(makeNode('Split', [tensor], [...parts.values()], { axis: int(axis) }));
  return kept.map((name) => parts.get(name) ?? '');
}
