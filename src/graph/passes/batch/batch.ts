/** Exporters that trace with an example write its number of rows into the graph: it becomes open, constants included. */

import { PredictableError } from '../../../errors.js';
import { constant, emit } from '../../build.js';
import type { Node, Tensor } from '../../codec/model.js';
import { int64Tensor, ints } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import type { TensorFacts } from '../../facts/facts.js';
import { outputFacts } from '../../facts/infer.js';
import { initializersOf, inOrder } from '../../walk.js';
import type { Pass } from '../pass.js';
import { done } from '../pass.js';
import type { FixedRows } from './fixed-rows.js';
import { type Layout, leading, mixesRows, placeOf, product } from './layout.js';
import { rowRule } from './row-rules.js';
import { evaluate, valuesOf, valuesTensor } from './values.js';

export const batch: Pass = {
  name: 'batch',
  after: ['initializers', 'opsets', 'maps'],
  requires: (draft) => (fixedCount(draft) === null ? 'the number of rows is open' : null),
  apply(draft) {
    const count = fixedCount(draft) ?? 1;
    const state = begin(draft, count);
    const constants = initializersOf(draft.model.graph);
    const elements = new Map<string, TensorFacts['element']>();
    for (const { name, type } of draft.model.graph.inputs) if (type.kind === 'tensor') elements.set(name, type.element);
    for (const { name, type } of draft.model.graph.initializers) elements.set(name, type);
    for (const node of inOrder(draft.model.graph)) follow(state, node, constants, elements);
    for (const output of draft.outputs) rowsToFront(state, output);
    openEdges(draft, state);
    const what = [...new Set(state.changes)].join('; ') || 'nothing inside was';
    return done(`the inputs were fixed at ${count} row${count === 1 ? '' : 's'}: ${what}`);
  },
};

/** The size that all inputs have in front; null when it is open. */
function fixedCount(draft: Draft): number | null {
  const sizes = draft.model.graph.inputs.flatMap(({ name, type }) => {
    const size = type.kind === 'tensor' ? type.shape?.[0] : undefined;
    return typeof size === 'number' && size > 0 ? [{ name, size }] : [];
  });
  const [one] = sizes;
  if (one === undefined) return null;
  const other = sizes.find(({ size }) => size !== one.size);
  if (other === undefined) return one.size;
  throw new PredictableError(
    'UNSUPPORTED_MODEL',
    `input "${one.name}" takes ${one.size} rows, input "${other.name}" ${other.size}: they are not rows of one table`,
    { hint: 'Export the model with a batch of any size (dynamic axes) as the first axis of each input.' },
  );
}

function begin(draft: Draft, count: number): FixedRows {
  const { graph } = draft.model;
  const state: FixedRows = {
    draft,
    count,
    input: graph.inputs[0]?.name ?? '',
    layouts: new Map(),
    values: new Map(),
    changes: [],
  };
  for (const tensor of graph.initializers) {
    state.layouts.set(tensor.name, { dims: tensor.dims, rows: 'none' });
    const values = valuesOf(tensor);
    if (values !== null) state.values.set(tensor.name, values);
  }
  for (const { name, type } of graph.inputs) {
    if (type.kind !== 'tensor') continue;
    const dims = type.shape?.map((size, axis) => (axis === 0 ? count : size)) ?? null;
    const known = dims?.every((size) => typeof size === 'number') ? (dims as number[]) : null;
    state.layouts.set(name, { dims: known, rows: { axis: 0, lead: 1 } });
  }
  return state;
}

function follow(
  state: FixedRows,
  node: Node,
  constants: Map<string, Tensor>,
  elements: Map<string, TensorFacts['element']>,
): void {
  const layouts = node.inputs.map((name) => state.layouts.get(name));
  const facts = node.inputs.map((name) => {
    const dims = state.layouts.get(name)?.dims;
    return dims === undefined ? undefined : { element: elements.get(name) ?? ('undefined' as const), shape: dims };
  });
  const found = outputFacts(node, facts, constants);
  const dims = node.outputs.map((_, index) => {
    const shape = found[index]?.shape;
    return shape?.every((size) => typeof size === 'number') ? (shape as number[]) : null;
  });
  const rows = placed(state, node, layouts, dims);
  // Where an original is at hand, its predictions are held against; here nothing else would find rows that are mixed.
  if (state.draft.options.facts === undefined && rows.includes('unknown')) {
    throw mixesRows(node, node.inputs[0] ?? '', 'cannot be followed');
  }
  for (const [index, name] of node.outputs.entries()) {
    state.layouts.set(name, { dims: dims[index] ?? null, rows: rows[index] ?? 'unknown' });
    const element = found[index]?.element;
    if (element !== undefined) elements.set(name, element);
  }
  const values = evaluate(
    node,
    node.inputs.map((name) => state.values.get(name)),
    layouts[0],
  );
  const [output = ''] = node.outputs;
  if (values === null) return;
  state.values.set(output, values);
  const shape = dims[0];
  if (shape && shape.reduce((total, size) => total * size, 1) === values.length) {
    constants.set(output, valuesTensor(output, values, shape));
  }
}

function placed(
  state: FixedRows,
  node: Node,
  inputs: (Layout | undefined)[],
  dims: (number[] | null)[],
): Layout['rows'][] {
  const all = (rows: Layout['rows']): Layout['rows'][] => node.outputs.map(() => rows);
  if (node.op === 'Size' && inputs.some((layout) => placeOf(layout) !== null)) {
    throw mixesRows(node, node.inputs[0] ?? '', 'counts the rows');
  }
  if (node.op === 'Shape' || node.op === 'Size') return all('none');
  const makesRows = ['Expand', 'Tile', 'ConstantOfShape'].includes(node.op);
  const read = inputs.filter((layout) => layout !== undefined);
  if (!makesRows && read.every(({ rows }) => rows === 'none')) return all('none');
  const apply = rowRule(node);
  const unknown = read.some(({ rows, dims: sizes }) => rows === 'unknown' || sizes === null);
  if (apply === undefined || (unknown && node.op !== 'Reshape')) return all('unknown');
  const rows = apply(state, node, dims);
  return Array.isArray(rows) ? rows : all(rows);
}

/** Outputs whose rows are not in front are turned, so that what follows finds them there. */
function rowsToFront(state: FixedRows, output: Draft['outputs'][number]): void {
  const layout = state.layouts.get(output.tensor);
  const place = placeOf(layout);
  if (layout?.rows === 'none' && layout.dims) {
    throw new PredictableError('UNSUPPORTED_MODEL', `output "${output.rawOutput}" is the same whatever rows come in`, {
      hint: 'Export the model without that output.',
      details: { tensor: output.rawOutput },
    });
  }
  if (place === null || !layout?.dims || (place.axis === 0 && place.lead === 1)) return;
  const before = leading(layout.dims, place);
  const shape = constant(state.draft, int64Tensor([before, -1, product(layout.dims) / before / state.count]));
  const apart = emit(state.draft, 'Reshape', [output.tensor, shape]);
  output.tensor = emit(state.draft, 'Transpose', [apart], { perm: ints([1, 0, 2]) });
  state.changes.push(`output "${output.rawOutput}" has its rows in front now`);
}

function openEdges(draft: Draft, state: FixedRows): void {
  const { graph } = draft.model;
  for (const value of graph.inputs) {
    if (value.type.kind === 'tensor' && value.type.shape) value.type.shape = ['N', ...value.type.shape.slice(1)];
  }
  for (const { name, type } of graph.outputs) {
    const axis = placeOf(state.layouts.get(name))?.axis;
    if (type.kind !== 'tensor' || !type.shape || axis === undefined) continue;
    type.shape = type.shape.map((size, at) => (at === axis ? 'N' : size));
  }
  // What the file says of tensors in between is for the old number.
  graph.values = [];
}
