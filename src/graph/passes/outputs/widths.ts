/** How many columns each output has: as the converter, the operators, a run or the file say. */

import { PredictableError } from '../../../errors.js';
import type { ValueType } from '../../codec/model.js';
import type { Draft, OutputPlan } from '../../draft.js';
import type { Inferred } from '../../facts/facts.js';
import type { Size } from '../../facts/shapes.js';
import { OBSERVED_ROWS } from '../../normalize-options.js';

/** What is known of the outputs' shapes before they are split. */
export interface KnownShapes {
  inferred: Inferred;
  /** By raw output: what a run of the graph gave. */
  observed: ReadonlyMap<string, Size[]>;
  /** By raw output: what the file says. */
  declared: ReadonlyMap<string, ValueType>;
}

/** Shapes learnt by running the graph, for outputs whose rows and columns the operators do not tell. */
export async function observedShapes(draft: Draft, inferred: Inferred): Promise<Map<string, Size[]>> {
  const open = draft.outputs.filter(
    ({ names, tensor }) => names?.length !== 1 && columnsIn(inferred.get(tensor)?.shape ?? null) === null,
  );
  if (open.length === 0 || draft.observe === null) return new Map();
  const observed = await draft.observe(open.map(({ rawOutput }) => rawOutput));
  return new Map(
    Object.entries(observed).map(([rawOutput, sizes]) => {
      const rows = Math.max(0, sizes.indexOf(OBSERVED_ROWS));
      return [rawOutput, sizes.map((size, axis): Size => (axis === rows ? 'N' : size))];
    }),
  );
}

/** Throws UNSUPPORTED_MODEL where nobody says it. */
export function widthOf({ names, tensor, rawOutput }: OutputPlan, known: KnownShapes): number {
  if (names !== null) return names.length;
  const width =
    columnsIn(known.inferred.get(tensor)?.shape ?? null) ??
    columnsIn(known.observed.get(rawOutput) ?? null) ??
    declaredWidth(known.declared.get(rawOutput));
  if (width !== null) return width;
  throw new PredictableError('UNSUPPORTED_MODEL', `the model does not say how many columns output "${rawOutput}" has`, {
    hint: 'Export it with shapes (onnx.shape_inference.infer_shapes).',
  });
}

function columnsIn(shape: readonly Size[] | null): number | null {
  if (shape === null || !shape.includes('N')) return null;
  return product(shape.filter((size) => size !== 'N'));
}

function declaredWidth(type: ValueType | undefined): number | null {
  return type?.kind === 'tensor' && type.shape !== null ? product(type.shape.slice(1)) : null;
}

/** Null when one of the sizes is not a number. */
function product(sizes: readonly unknown[]): number | null {
  return sizes.reduce<number | null>(
    (total, size) => (total === null || typeof size !== 'number' ? null : total * size),
    1,
  );
}
