/** Operators that compute: each has to leave the rows apart, and constants made for the fixed number of them are cut to one. */

import { opset } from '../../build.js';
import type { Node } from '../../codec/model.js';
import { intOf, intsOf, stringOf } from '../../codec/tensors.js';
import { positive } from '../../facts/shapes.js';
import { namesOf, operatorsOf } from '../../operators/classes.js';
import { withoutTrailing } from '../../walk.js';
import { AXIS_RULES, first, numbersAt, onFirstAxis, type Rule, rankOf } from './axis-rules.js';
import { everyRow, type FixedRows, oneRow, replaceInput } from './fixed-rows.js';
import { mixesRows, type Place, placeOf } from './layout.js';
import { axesOf } from './values.js';

const BY_FIRST_AXIS = operatorsOf('convolution', 'pool', 'normalization', 'picture').filter(
  ({ mixesRows }) => !mixesRows,
);

const SOFTMAX_SINCE = 13;

const RULES: Record<string, Rule> = {
  ...each(namesOf('elementwise'), (state, node) => first(state, node) ?? 'unknown'),
  ...each(namesOf('broadcast', 'comparison'), (state, node, [dims]) =>
    aligned(state, node, dims ?? null, node.inputs.length),
  ),
  ...each(
    BY_FIRST_AXIS.map(({ op }) => op),
    (state, node) => {
      const weights = node.inputs.slice(1).find((name) => placeOf(state.layouts.get(name)) !== null);
      if (weights !== undefined) throw mixesRows(node, weights, 'takes the rows for weights');
      if (intOf(node, 'training_mode', 0) === 1) throw mixesRows(node, node.inputs[0] ?? '', 'measures all rows');
      return node.outputs.map(() => onFirstAxis(node, first(state, node)));
    },
  ),
  ...each(namesOf('alongAxis'), along),
  ...each(namesOf('reduction'), reduce),
  ...each(namesOf('recurrent'), recurrent),
  Pad: pad,
  Trilu: corner,
  MatMul: (state, node, [dims]) => {
    const [left, right] = node.inputs.map((name) => placeOf(state.layouts.get(name)));
    const [ranks, other] = [rankOf(state, node, 0), rankOf(state, node, 1)];
    if (!dims || ranks === null || other === null || ranks < 2 || other < 2) return 'unknown';
    if (left?.axis === ranks - 1 || right?.axis === other - 2) {
      throw mixesRows(node, node.inputs[left ? 0 : 1] ?? '', 'sums over the rows');
    }
    // The last two axes are those of the matrices.
    return aligned(state, node, dims, 2, dims.length - 2);
  },
  Gemm: (state, node) => {
    const [left, right] = node.inputs.map((name) => placeOf(state.layouts.get(name)));
    const turned = [intOf(node, 'transA', 0), intOf(node, 'transB', 0)];
    if (left?.axis === 1 - (turned[0] ?? 0) || right?.axis === (turned[1] ?? 0)) {
      throw mixesRows(node, node.inputs[left ? 0 : 1] ?? '', 'sums over the rows');
    }
    if (left && right) throw mixesRows(node, node.inputs[1] ?? '', 'multiplies rows with rows');
    const place = left ? { ...left, axis: 0 } : right ? { ...right, axis: 1 } : null;
    if (place === null) return 'unknown';
    const bias = state.layouts.get(node.inputs[2] ?? '');
    const at = place.axis - 2 + (bias?.dims?.length ?? 0);
    const biasPlace = placeOf(bias);
    if (biasPlace !== null && biasPlace.axis !== at) {
      throw mixesRows(node, node.inputs[2] ?? '', 'has rows on two axes');
    }
    if (bias?.rows === 'none' && at >= 0) oneRow(state, node, 2, at);
    return place;
  },
  Einsum: (state, node) => {
    const [left = '', right = ''] = stringOf(node, 'equation', '').replaceAll(' ', '').split('->');
    const letters = left.split(',');
    const index = node.inputs.findIndex((name) => placeOf(state.layouts.get(name)) !== null);
    const place = placeOf(state.layouts.get(node.inputs[index] ?? ''));
    const letter = letters[index]?.[place?.axis ?? 0];
    if (place === null || letter === undefined || left.includes('.') || right === '') return 'unknown';
    if (!right.includes(letter)) throw mixesRows(node, node.inputs[index] ?? '', 'sums over the rows');
    for (const [at, name] of node.inputs.entries()) {
      const axis = letters[at]?.indexOf(letter) ?? -1;
      const other = placeOf(state.layouts.get(name));
      const repeated = letters[at]?.indexOf(letter, axis + 1) !== -1;
      if ((other !== null && other.axis !== axis) || (axis >= 0 && repeated)) {
        throw mixesRows(node, name, 'has rows on two axes');
      }
      if (state.layouts.get(name)?.rows === 'none' && axis >= 0) everyRow(state, node, at, axis);
    }
    return { ...place, axis: right.indexOf(letter) };
  },
};

const ROW_RULES: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

/** These take each value by itself, wherever it stands. */
const VALUE_BY_VALUE = new Set(['LabelEncoder', 'OneHotEncoder', 'Binarizer']);

/** Models of ai.onnx.ml work row by row, all of them; what they take for columns is the last axis. */
const rowByRow: Rule = (state, node) => {
  const place = first(state, node);
  const rank = rankOf(state, node);
  if (node.op === 'ArrayFeatureExtractor' && place === null) {
    const picked = placeOf(state.layouts.get(node.inputs[1] ?? ''));
    // Values of one row, picked by N indices: [1,N].
    return rank === 1 && rankOf(state, node, 1) === 1 && picked !== null ? { ...picked, axis: 1 } : 'unknown';
  }
  if (place === null || rank === null) return 'unknown';
  if (place.axis === rank - 1 && !VALUE_BY_VALUE.has(node.op)) {
    throw mixesRows(node, node.inputs[0] ?? '', 'takes the rows for columns of one row');
  }
  return node.outputs.map(() => place);
};

/** Undefined for operators that are not followed: where the rows are behind them is unknown. */
export function rowRule({ domain, op }: { domain: string; op: string }): Rule | undefined {
  return domain === 'ai.onnx.ml' ? rowByRow : (AXIS_RULES.get(op) ?? ROW_RULES.get(op));
}

function each(ops: readonly string[], rule: Rule): Record<string, Rule> {
  return Object.fromEntries(ops.map((op) => [op, rule]));
}

/** Axes counted from the end; an operand without rows must have one there, or none. */
function aligned(
  state: FixedRows,
  node: Node,
  dims: number[] | null,
  operands: number,
  broadcast = dims?.length ?? 0,
): Place | 'unknown' {
  if (dims === null) return 'unknown';
  const counted = node.inputs.find((name) => state.values.get(name)?.some(({ open }) => open));
  if (counted !== undefined && node.inputs.some((name) => placeOf(state.layouts.get(name)) !== null)) {
    throw mixesRows(node, counted, 'computes with the number of rows');
  }
  let found: Place | null = null;
  for (const name of node.inputs.slice(0, operands)) {
    const layout = state.layouts.get(name);
    const place = placeOf(layout);
    if (place === null || !layout?.dims) continue;
    const axis = place.axis + dims.length - layout.dims.length;
    if (found !== null && (found.axis !== axis || found.lead !== place.lead)) {
      throw mixesRows(node, name, 'has rows on two axes');
    }
    found = { axis, lead: place.lead };
  }
  if (found === null) return 'unknown';
  if (found.axis >= broadcast) return found;
  for (const [index, name] of node.inputs.slice(0, operands).entries()) {
    const layout = state.layouts.get(name);
    if (layout?.rows !== 'none' || !layout.dims) continue;
    const at = found.axis - dims.length + layout.dims.length;
    if (at < 0 || layout.dims[at] === 1) continue;
    if (found.lead !== 1 || layout.dims[at] !== state.count) {
      throw mixesRows(node, name, 'spreads one row over a constant');
    }
    oneRow(state, node, index, at);
  }
  return found;
}

const PADS_AXES = 3;

/** A border around pictures, not before or behind the rows. */
function pad(state: FixedRows, node: Node): ReturnType<Rule> {
  const place = first(state, node);
  const rank = rankOf(state, node);
  const pads = intsOf(node, 'pads')?.map(Number) ?? numbersAt(state, node, 1);
  if (place === null || rank === null || pads === undefined) return 'unknown';
  const axes = node.inputs[PADS_AXES]
    ? numbersAt(state, node, PADS_AXES)
    : Array.from({ length: rank }, (_, axis) => axis);
  if (axes === undefined) return 'unknown';
  const at = axes.findIndex((axis) => positive(axis, rank) === place.axis);
  if (at >= 0 && (pads[at] !== 0 || pads[at + axes.length] !== 0)) {
    throw mixesRows(node, node.inputs[0] ?? '', 'puts a border around the rows');
  }
  return place;
}

/** A corner of matrices, which are the last two axes. */
function corner(state: FixedRows, node: Node): ReturnType<Rule> {
  const place = first(state, node);
  const rank = rankOf(state, node);
  if (place === null || rank === null) return 'unknown';
  if (place.axis >= rank - 2) throw mixesRows(node, node.inputs[0] ?? '', 'takes other columns of each row');
  return place;
}

/** Along any axis but that of the rows. */
function along(state: FixedRows, node: Node, dims: (number[] | null)[]): ReturnType<Rule> {
  const place = first(state, node);
  const rank = rankOf(state, node);
  if (place === null || rank === null) return 'unknown';
  const flat = /Softmax|Hardmax/.test(node.op) && opset(state.draft) < SOFTMAX_SINCE;
  const usual = flat ? 1 : node.op.startsWith('Arg') ? 0 : -1;
  const given = node.op === 'CumSum' ? numbersAt(state, node, 1)?.[0] : intOf(node, 'axis', usual);
  if (given === undefined) return 'unknown';
  const axis = positive(given, rank);
  // An old Softmax takes everything from its axis on for one; LayerNormalization always does.
  const mixes = flat || node.op === 'LayerNormalization' ? place.axis >= axis : place.axis === axis;
  if (mixes) throw mixesRows(node, node.inputs[0] ?? '', 'works along the axis of the rows');
  const dropped = node.op.startsWith('Arg') && intOf(node, 'keepdims', 1) === 0 && axis < place.axis;
  return dims.map(() => (dropped ? { ...place, axis: place.axis - 1 } : place));
}

function reduce(state: FixedRows, node: Node): ReturnType<Rule> {
  const place = first(state, node);
  const rank = rankOf(state, node);
  if (place === null || rank === null) return 'unknown';
  const axes = axesOf(node, state.values, rank);
  if (axes === null) return 'unknown';
  const nothing = axes.length === 0 && intOf(node, 'noop_with_empty_axes', 0) === 1;
  if (nothing) return place;
  if (axes.length === 0 || axes.includes(place.axis))
    throw mixesRows(node, node.inputs[0] ?? '', 'reduces over the rows');
  if (intOf(node, 'keepdims', 1) === 1) return place;
  return { ...place, axis: place.axis - axes.filter((axis) => axis < place.axis).length };
}

const SEQUENCE_LENGTHS = 4;
const INITIAL_STATES = [5, 6];

function recurrent(state: FixedRows, node: Node): ReturnType<Rule> {
  const place = first(state, node);
  if (place === null) return 'unknown';
  const byRow = intOf(node, 'layout', 0) === 1;
  if (place.axis !== (byRow ? 0 : 1)) throw mixesRows(node, node.inputs[0] ?? '', 'takes another axis for the rows');
  for (const index of [SEQUENCE_LENGTHS, ...INITIAL_STATES]) {
    const name = node.inputs[index] ?? '';
    if (name === '' || state.layouts.get(name)?.rows !== 'none') continue;
    const isState = index !== SEQUENCE_LENGTHS;
    const zeros = isState && state.draft.index.constant(name)?.data.every((byte) => byte === 0);
    if (zeros) {
      // Zeros are what a recurrent layer starts with anyway.
      replaceInput(state, node, index, '');
      state.changes.push(`${node.op}: zeros for ${state.count} rows`);
    } else everyRow(state, node, index, isState && !byRow ? 1 : 0);
  }
  state.draft.index.setInputs(node, withoutTrailing(node.inputs));
  const last = byRow ? 0 : 1;
  return [byRow ? 0 : 2, last, last].map((axis) => ({ axis, lead: place.lead }));
}
