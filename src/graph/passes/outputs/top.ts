/** `--top K`: of an output with many classes, the K largest values and which classes they belong to. */

import { PredictableError } from '../../../errors.js';
import type { OutputColumn } from '../../../signature.js';
import { constant, emit, fresh, makeNode } from '../../build.js';
import { int, int64Tensor } from '../../codec/tensors.js';
import type { Draft, OutputPlan } from '../../draft.js';
import { goodName } from '../../good-name.js';

/** The output that it is for: the widest with more than K columns, among those that `--outputs` names. Throws USAGE. */
export function topOutput(draft: Draft, widths: number[], isNamed: (output: OutputPlan) => boolean): OutputPlan | null {
  const count = draft.options.top;
  if (count === undefined) return null;
  const wide = draft.outputs
    .map((output, index) => ({ output, width: widths[index] ?? 1 }))
    .filter(({ output, width }) => width > count && output.role !== 'label' && isNamed(output))
    .sort((one, other) => other.width - one.width);
  const [widest] = wide;
  if (widest !== undefined) return widest.output;
  throw new PredictableError('USAGE', `the model has no output with more than ${count} columns for --top ${count}`, {
    hint: `Its outputs are: ${draft.outputs.map(({ frameworkName, rawOutput }, index) => `${frameworkName ?? rawOutput} (${widths[index]})`).join(', ')}.`,
  });
}

/** `y_1_class`, `y_1`, `y_2_class`, `y_2` …, the largest first. */
export function topNames({ frameworkName, rawOutput }: OutputPlan, count: number): string[] {
  const base = goodName(frameworkName ?? rawOutput, 'output');
  return Array.from({ length: count }, (_, at) => [`${base}_${at + 1}_class`, `${base}_${at + 1}`]).flat();
}

/** The tensors [N,1] of those columns; of equal values, the one of the lower index comes first. */
export function largest(draft: Draft, matrix: string, count: number): string[] {
  const [values, indices] = [fresh(draft, 'largest'), fresh(draft, 'largest_at')];
  draft.model.graph.nodes.push(
    makeNode('TopK', [matrix, constant(draft, int64Tensor([count]))], [values, indices], { axis: int(1) }),
  );
  const column = (tensor: string, at: number): string =>
    emit(draft, 'Gather', [tensor, constant(draft, int64Tensor([at]))], { axis: int(1) });
  return Array.from({ length: count }, (_, at) => [column(indices, at), column(values, at)]).flat();
}

/** The column that says which class, with the labels of the model where it has one for each. */
export function classColumn(draft: Draft, name: string, width: number): OutputColumn {
  const labels = draft.outputs.find(({ labels: known }) => known?.length === width)?.labels;
  return { name, type: 'int64', sqlType: 'bigint', role: 'label', ...(labels ? { labels } : {}) };
}
