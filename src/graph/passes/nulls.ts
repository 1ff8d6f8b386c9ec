/** The sentinel that stands for NULL becomes NaN: once on joined columns where possible, else column by column. */

import { NAN_SENTINEL } from '../../signature.js';
import { constant, emit, opset, redirect } from '../build.js';
import type { Node } from '../codec/model.js';
import { ELEMENT_TYPES } from '../codec/model.js';
import { int, int64Tensor, numberTensor } from '../codec/tensors.js';
import type { ColumnPlan, Draft } from '../draft.js';
import { factsOf } from '../facts-of.js';
import type { Pass } from './pass.js';
import { done } from './pass.js';

type Real = 'float' | 'double';

/** ONNX Runtime 1.5.2, behind targets of opset 12 and less, has no Where for double. */
const OPSET_WITH_DOUBLE_WHERE = 13;

export const nulls: Pass = {
  name: 'nulls',
  after: ['columns', 'text', 'joins'],
  requires: (draft) => (waiting(draft).length === 0 ? 'no column hands missing values on as NaN' : null),
  apply(draft) {
    const facts = factsOf(draft);
    const columns = waiting(draft);
    const ofInputs = new Set(draft.columns.map(({ tensor }) => tensor));
    const waitingTensors = new Set(columns.map(({ tensor }) => tensor));
    const outputs = new Set(draft.outputs.map(({ tensor }) => tensor));
    const concatenations = new Set<Node>();
    let joined = 0;
    for (const join of draft.joins) {
      const element = facts.get(join.stacked)?.element;
      // Only columns themselves hold the sentinel: a computed tensor with that very value is a number.
      const areInputs =
        new Set(join.columns).size === join.columns.length && join.columns.every((name) => ofInputs.has(name));
      if (!areInputs || (element !== 'float' && element !== 'double')) continue;
      const concat = draft.index.maker(join.concatenated);
      if (concat === undefined || draft.index.readers(join.stacked).length === 0) continue;
      concatenations.add(concat);
      if (!join.columns.some((name) => waitingTensors.has(name))) continue;
      join.stacked = replaceIn(draft, join.stacked, element);
      joined += 1;
    }
    let single = 0;
    for (const { tensor, type } of columns) {
      const readers = draft.index.readers(tensor).filter((node) => !concatenations.has(node));
      if ((readers.length === 0 && !outputs.has(tensor)) || (type !== 'float' && type !== 'double')) continue;
      replaceColumn(draft, tensor, type, concatenations);
      single += 1;
    }
    for (const column of columns) column.replaced = true;
    return done(
      `-2^100 becomes NaN in ${columns.length} columns: on ${joined} joined tensors and ${single} single ones`,
    );
  },
};

function waiting(draft: Draft): ColumnPlan[] {
  return draft.columns.filter(
    ({ nulls: policy, type, replaced, category }) =>
      policy === 'nan' && !replaced && category === null && (type === 'float' || type === 'double'),
  );
}

/** Lets all that reads a tensor read it with NaN in place of the sentinel; returns that tensor. */
function replaceIn(draft: Draft, tensor: string, type: Real): string {
  const { nodes } = draft.model.graph;
  const start = nodes.length;
  const result = withNan(draft, tensor, type);
  redirect(draft, tensor, result, new Set(nodes.slice(start)));
  return result;
}

/** As one row of N values: on [N,1] the runtime compares value by value, 20 times slower. */
function replaceColumn(draft: Draft, tensor: string, type: Real, except: ReadonlySet<Node>): void {
  const { nodes } = draft.model.graph;
  const start = nodes.length;
  const flat = emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([-1]))]);
  const result = emit(draft, 'Reshape', [withNan(draft, flat, type), constant(draft, int64Tensor([-1, 1]))]);
  redirect(draft, tensor, result, new Set([...except, ...nodes.slice(start)]));
}

function withNan(draft: Draft, tensor: string, type: Real): string {
  const missing = emit(draft, 'Equal', [tensor, constant(draft, numberTensor(type, [], [NAN_SENTINEL]))]);
  return type === 'double' && opset(draft) < OPSET_WITH_DOUBLE_WHERE
    ? byArithmetic(draft, tensor, missing)
    : emit(draft, 'Where', [missing, constant(draft, numberTensor(type, [], [Number.NaN])), tensor]);
}

/** y = x·(d/d) with d = 1 − (x = sentinel): 0/0 is NaN, 1/1 changes nothing. */
function byArithmetic(draft: Draft, tensor: string, missing: string): string {
  const flag = emit(draft, 'Cast', [missing], { to: int(ELEMENT_TYPES.indexOf('double')) });
  const one = constant(draft, numberTensor('double', [], [1]));
  const present = emit(draft, 'Sub', [one, flag]);
  return emit(draft, 'Mul', [tensor, emit(draft, 'Div', [present, present])]);
}
