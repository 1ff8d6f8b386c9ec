/** Operators that move or make axes: where the rows go, and what is rewritten so that any number of them goes there. */

import { constant, emit } from '../../build.js';
import type { Node } from '../../codec/model.js';
import { floatsOf, int, int64Tensor, intOf, ints, intsOf } from '../../codec/tensors.js';
import { positive } from '../../facts/shapes.js';
import { everyRow, type FixedRows, oneRow, replaceInput, rowCount } from './fixed-rows.js';
import { type Layout, mixesRows, type Place, placeOf, product, reshapedPlace } from './layout.js';
import { axesOf, type Value } from './values.js';

type Rows = Layout['rows'];
export type Rule = (state: FixedRows, node: Node, dims: (number[] | null)[]) => Rows[] | Rows;

const TO_THE_END = Number.MAX_SAFE_INTEGER;

const RULES: Record<string, Rule> = {
  Reshape: (state, node, [dims]) => {
    const place = first(state, node);
    const target = state.values.get(node.inputs[1] ?? '');
    if (place === null || !dims) return lost(state, node, target);
    const sizes = state.layouts.get(node.inputs[0] ?? '')?.dims ?? [];
    const found = reshapedPlace(sizes, place, state.count, dims);
    const open = target?.findIndex((value) => value.open) ?? -1;
    if (found === null || (open >= 0 && open !== found.axis)) {
      throw mixesRows(node, node.inputs[0] ?? '', 'gives rows and other values one place');
    }
    if (open < 0) {
      const anySize = dims.map((size, axis) => (axis === found.axis ? -1 : size));
      if (target?.[found.axis]?.value !== -1 && !copies(target, found.axis, place)) {
        state.changes.push(`Reshape to [${target?.map(({ value }) => value).join(',')}]`);
        replaceInput(state, node, 1, constant(state.draft, int64Tensor(anySize)));
      }
    }
    return found;
  },
  Flatten: (state, node) => {
    const place = first(state, node);
    const sizes = state.layouts.get(node.inputs[0] ?? '')?.dims;
    if (place === null || !sizes) return 'unknown';
    const split = positive(intOf(node, 'axis', 1), sizes.length);
    const axis = place.axis < split ? 0 : 1;
    return { axis, lead: product(sizes.slice(axis === 0 ? 0 : split, place.axis)) * place.lead };
  },
  Transpose: (state, node) => {
    const place = first(state, node);
    const rank = rankOf(state, node);
    if (place === null || rank === null) return 'unknown';
    const order = intsOf(node, 'perm')?.map(Number) ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    return { ...place, axis: order.indexOf(place.axis) };
  },
  Squeeze: (state, node) => {
    const place = first(state, node);
    const sizes = state.layouts.get(node.inputs[0] ?? '')?.dims;
    if (place === null || !sizes) return 'unknown';
    let axes = axesOf(node, state.values, sizes.length);
    if (axes === null) return 'unknown';
    if (axes.length === 0 || axes.includes(place.axis)) {
      // At the end of the model the rows may stay; elsewhere the next operator counts on one axis less.
      const all = sizes.flatMap((size, axis) => (size === 1 ? [axis] : []));
      axes = (axes.length === 0 ? all : axes).filter((axis) => axis !== place.axis);
      const kept = state.count > 1 || state.draft.outputs.some(({ tensor }) => node.outputs.includes(tensor));
      if (!kept) throw mixesRows(node, node.inputs[0] ?? '', 'takes away the axis of the rows');
      setAxes(state, node, axes);
      state.changes.push('Squeeze of all axes of size 1');
    }
    return { ...place, axis: place.axis - axes.filter((axis) => axis < place.axis).length };
  },
  Unsqueeze: (state, node, [dims]) => {
    const place = first(state, node);
    if (place === null || !dims) return 'unknown';
    const axes = axesOf(node, state.values, dims.length);
    if (axes === null) return 'unknown';
    const kept = dims.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
    return { ...place, axis: kept[place.axis] ?? place.axis };
  },
  Expand: (state, node, [dims]) => {
    const target = state.values.get(node.inputs[1] ?? '');
    if (!dims || !target) return 'unknown';
    const shift = dims.length - target.length;
    const rank = rankOf(state, node) ?? dims.length;
    const place = first(state, node);
    const open = target.findIndex((value) => value.open);
    const axis = place === null ? open + shift : place.axis + dims.length - rank;
    if (place === null) {
      if (open < 0) return 'none';
      if (axis - dims.length + rank >= 0) oneRow(state, node, 0, axis - dims.length + rank);
    } else if (open < 0 && axis - shift >= 0 && target[axis - shift]?.value !== 1) {
      const kept = target.map(({ value }, at) => (at === axis - shift ? 1 : value));
      replaceInput(state, node, 1, constant(state.draft, int64Tensor(kept)));
      state.changes.push(`Expand to [${target.map(({ value }) => value).join(',')}]`);
    }
    return { axis, lead: place?.lead ?? 1 };
  },
  Tile: (state, node) => {
    const repeats = state.values.get(node.inputs[1] ?? '');
    const place = first(state, node);
    if (!repeats) return 'unknown';
    const open = repeats.findIndex((value) => value.open);
    if (place === null) {
      if (open >= 0) oneRow(state, node, 0, open);
      return open < 0 ? 'none' : { axis: open, lead: 1 };
    }
    if (repeats[place.axis]?.value !== 1) throw mixesRows(node, node.inputs[0] ?? '', 'repeats the rows');
    return place;
  },
  ConstantOfShape: (state, node) => {
    const open = state.values.get(node.inputs[0] ?? '')?.findIndex((value) => value.open) ?? -1;
    return open < 0 ? 'none' : { axis: open, lead: 1 };
  },
  Concat: (state, node, [dims]) => {
    const found = node.inputs.map((name) => placeOf(state.layouts.get(name))).find((place) => place !== null) ?? null;
    if (found === null || !dims) return 'unknown';
    const axis = intOf(node, 'axis', 1);
    if (positive(axis, dims.length) === found.axis) {
      throw mixesRows(node, node.inputs[0] ?? '', 'puts other values behind the rows');
    }
    for (const [index, name] of node.inputs.entries()) {
      const rows = state.layouts.get(name)?.rows;
      if (rows === 'none') everyRow(state, node, index, found.axis);
      else if (typeof rows === 'object' && rows.axis !== found.axis)
        throw mixesRows(node, name, 'has rows on two axes');
    }
    return found;
  },
  Split: (state, node) => {
    const place = first(state, node);
    const rank = rankOf(state, node);
    if (place === null || rank === null) return 'unknown';
    const axis = intOf(node, 'axis', 0);
    if (positive(axis, rank) === place.axis) throw mixesRows(node, node.inputs[0] ?? '', 'splits the rows');
    return node.outputs.map(() => place);
  },
  Slice: (state, node) => {
    const place = first(state, node);
    const rank = rankOf(state, node);
    if (place === null || rank === null) return 'unknown';
    const read = (index: number): number[] | undefined => numbersAt(state, node, index);
    const [starts, ends] = [read(1), read(2)];
    const axes = (node.inputs[3] ? read(3) : starts?.map((_, at) => at))?.map((axis) => positive(axis, rank));
    if (!axes) return 'unknown';
    const at = axes.indexOf(place.axis);
    if (at < 0) return place;
    const whole = starts?.[at] === 0 && (ends?.[at] ?? 0) >= state.count * place.lead && (read(4)?.[at] ?? 1) === 1;
    if (!whole || !ends) throw mixesRows(node, node.inputs[0] ?? '', 'takes some of the rows');
    if (!state.values.get(node.inputs[2] ?? '')?.[at]?.open && (ends[at] ?? 0) < TO_THE_END) {
      // All bounds are of one type, and this one is beyond int32.
      const bounds = [read(1), ends.map((end, index) => (index === at ? TO_THE_END : end)), read(3), read(4)];
      for (const [index, bound] of bounds.entries()) {
        if (bound !== undefined) replaceInput(state, node, index + 1, constant(state.draft, int64Tensor(bound)));
      }
      state.changes.push(`Slice to ${ends[at]} rows`);
    }
    return place;
  },
  Gather: (state, node) => {
    const [data = '', indices = ''] = node.inputs;
    const [from, picked] = [placeOf(state.layouts.get(data)), placeOf(state.layouts.get(indices))];
    const rank = rankOf(state, node);
    const width = state.layouts.get(indices)?.dims?.length;
    if (rank === null || width === undefined) return 'unknown';
    const axis = positive(intOf(node, 'axis', 0), rank);
    if (from !== null && picked !== null) throw mixesRows(node, data, 'looks up rows in rows');
    if (picked !== null) return { ...picked, axis: axis + picked.axis };
    if (from === null) return 'unknown';
    if (from.axis === axis) throw mixesRows(node, data, 'picks one of the rows');
    return { ...from, axis: from.axis < axis ? from.axis : from.axis - 1 + width };
  },
  GatherElements: (state, node) => {
    const places = node.inputs.map((name) => placeOf(state.layouts.get(name)));
    const place = places.find((each) => each !== null) ?? null;
    const rank = rankOf(state, node);
    if (place === null || rank === null) return 'unknown';
    const axis = intOf(node, 'axis', 0);
    if (positive(axis, rank) === place.axis) throw mixesRows(node, node.inputs[0] ?? '', 'looks up rows in rows');
    for (const [index, each] of places.entries()) if (each === null) everyRow(state, node, index, place.axis);
    return place;
  },
  Resize: resize,
  Upsample: resize,
};

export const AXIS_RULES: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

/** Pictures are made larger or smaller, not more or fewer. */
function resize(state: FixedRows, node: Node, [dims]: (number[] | null)[]): Rows {
  const place = first(state, node);
  const sizes = node.inputs[3] ? state.values.get(node.inputs[3]) : undefined;
  const [scale = 1] = floatsOf(node, 'scales') ?? numbersAt(state, node, node.op === 'Resize' ? 2 : 1) ?? [];
  const rows = sizes?.[0]?.value ?? dims?.[0];
  if (place !== null && (scale !== 1 || (rows !== undefined && rows !== state.count))) {
    throw mixesRows(node, node.inputs[0] ?? '', 'makes other rows of the rows');
  }
  if (place !== null && sizes && !sizes.some(({ open }) => open)) {
    const rest = constant(state.draft, int64Tensor(sizes.slice(1).map(({ value }) => value)));
    replaceInput(state, node, 3, emit(state.draft, 'Concat', [rowCount(state), rest], { axis: int(0) }));
    state.changes.push(`Resize to [${sizes.map(({ value }) => value).join(',')}]`);
  }
  return onFirstAxis(node, place);
}

export function first(state: FixedRows, node: Node): Place | null {
  return placeOf(state.layouts.get(node.inputs[0] ?? ''));
}

/** The numbers of an input, where they are known; undefined for others. */
export function numbersAt(state: FixedRows, node: Node, index: number): number[] | undefined {
  return state.values.get(node.inputs[index] ?? '')?.map(({ value }) => value);
}

export function rankOf(state: FixedRows, node: Node, index = 0): number | null {
  return state.layouts.get(node.inputs[index] ?? '')?.dims?.length ?? null;
}

/** Convolutions and their like: rows are the first axis, by definition. */
export function onFirstAxis(node: Node, place: Place | null): Rows {
  if (place === null) return 'unknown';
  if (place.axis === 0) return place;
  throw mixesRows(node, node.inputs[0] ?? '', 'takes another axis for the rows');
}

/** A target that copies the size of an input axis, where the rows are the same axis. */
function copies(target: Value[] | undefined, axis: number, place: Place): boolean {
  return target?.[axis]?.value === 0 && axis === place.axis;
}

/** A Reshape of rows that cannot be followed is fine as long as it leaves one size open. */
function lost(state: FixedRows, node: Node, target: Value[] | undefined): Rows {
  const layout = state.layouts.get(node.inputs[0] ?? '');
  if (layout?.rows === 'none') return 'none';
  if (target?.some(({ value, open }) => open || value === -1 || value === 0)) return 'unknown';
  throw mixesRows(node, node.inputs[0] ?? '', 'has a fixed shape, and its rows cannot be followed');
}

function setAxes(state: FixedRows, node: Node, axes: number[]): void {
  const asInput = (state.draft.model.opsets.find(({ domain }) => domain === '')?.version ?? 0) >= 13;
  node.attributes.delete('axes');
  if (axes.length === 0) {
    // No axes at all would mean all of them.
    node.op = 'Identity';
    state.draft.index.setInputs(node, node.inputs.slice(0, 1));
  } else if (asInput) {
    state.draft.index.setInputs(node, [node.inputs[0] ?? '', constant(state.draft, int64Tensor(axes))]);
  } else node.attributes.set('axes', ints(axes));
}
