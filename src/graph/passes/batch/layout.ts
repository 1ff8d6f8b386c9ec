/** Where the rows are in a tensor whose exporter fixed their number: the axis, and what else shares it. */

import { PredictableError } from '../../../errors.js';
import type { Node } from '../../codec/model.js';

export interface Layout {
  /** Sizes with the number of rows that the exporter fixed; null when nobody knows. */
  dims: number[] | null;
  /** `none`: the same whatever rows come in. `unknown`: an operator that we do not follow made it. */
  rows: Place | 'none' | 'unknown';
}

/** Where the rows of a tensor are. */
export interface Place {
  axis: number;
  /** How many other values share the axis and lie before each row: an axis of size 30N has a lead of 30, or of 1. */
  lead: number;
}

/** Null for tensors without rows, and those whose rows are unknown. */
export function placeOf(layout: Layout | undefined): Place | null {
  return layout !== undefined && typeof layout.rows === 'object' ? layout.rows : null;
}

/** How many values come before the rows when a tensor is read in order: a Reshape keeps that. */
export function leading(dims: number[], { axis, lead }: Place): number {
  return product(dims.slice(0, axis)) * lead;
}

/** The place of the rows after a Reshape to `dims`; null when rows and other values would lie mixed. */
export function reshapedPlace(from: number[], place: Place, rows: number, dims: number[]): Place | null {
  const before = leading(from, place);
  const found: Place[] = [];
  for (const [axis, size] of dims.entries()) {
    const outside = product(dims.slice(0, axis));
    if (before % outside !== 0) continue;
    const lead = before / outside;
    if (size % (lead * rows) === 0) found.push({ axis, lead });
  }
  // One row fits in several places: on an axis that nothing shares, as it was; on the axis that it was on, where axes are
  // split or joined behind it (heads of attention); else as far in front as it goes.
  const alone = found.filter(({ axis, lead }) => lead === 1 && dims[axis] === rows);
  const same = ({ axis }: Place): boolean => axis === place.axis;
  return (
    alone.find(same) ??
    alone[0] ??
    (dims.length === from.length ? found.find((each) => same(each) && each.lead === place.lead) : undefined) ??
    found[0] ??
    null
  );
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

export function mixesRows(node: Node, tensor: string, how: string): PredictableError {
  return new PredictableError(
    'UNSUPPORTED_MODEL',
    `the model was exported for a fixed number of rows, and operator ${node.op}${node.name ? ` "${node.name}"` : ''}, which makes tensor "${node.outputs[0] ?? ''}", ${how} ("${tensor}")`,
    {
      hint: 'Export the model with a batch of any size (dynamic axes).',
      details: { operator: node.op, node: node.name, tensor },
    },
  );
}
