/** One column picked out of columns that were just put together is that column: the detour over the whole table goes. */

import { dropDead, redirect } from '../build.js';
import type { Node } from '../codec/model.js';
import { intOf, numbersOf } from '../codec/tensors.js';
import type { Draft } from '../draft.js';
import type { Inferred } from '../facts/facts.js';
import { factsOf } from '../facts-of.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const selections: Pass = {
  name: 'selections',
  after: ['columns'],
  apply(draft) {
    const facts = factsOf(draft);
    const columnsOf = columnsOfTables(draft, facts);
    let count = 0;
    for (const node of draft.model.graph.nodes) {
      const picked = pickedColumn(draft, node, columnsOf);
      if (picked === null) continue;
      redirect(draft, node.outputs[0] ?? '', picked);
      count += 1;
    }
    if (count === 0) return nothing('no single column is picked out of a joined table');
    dropDead(draft);
    return done(`${count} columns are read directly instead of from a joined table`);
  },
};

type ColumnsOf = (table: string) => readonly string[] | null;

function pickedColumn(draft: Draft, node: Node, columnsOf: ColumnsOf): string | null {
  const isGather = node.op === 'Gather' && Math.abs(intOf(node, 'axis', 0)) === 1;
  if (!isGather && node.op !== 'ArrayFeatureExtractor') return null;
  const [table = '', indices = ''] = node.inputs;
  const tensor = draft.index.constant(indices);
  if (tensor === undefined || (isGather && tensor.dims.length !== 1)) return null;
  const [index, ...more] = numbersOf(tensor);
  if (index === undefined || more.length > 0) return null;
  return columnsOf(table)?.at(index) ?? null;
}

/** The [N,1] tensors that a table was made of, when it was: found once for each table. */
function columnsOfTables(draft: Draft, facts: Inferred): ColumnsOf {
  const joined = new Map(draft.joins.map(({ tensor, columns }) => [tensor, columns]));
  const isTable = new Map<Node, boolean>();
  return (table) => {
    const columns = joined.get(table);
    if (columns !== undefined) return columns;
    const node = draft.index.maker(table);
    if (node?.op !== 'Concat' || Math.abs(intOf(node, 'axis', 0)) !== 1) return null;
    const known = isTable.get(node) ?? node.inputs.every((name) => isColumn(facts, name));
    isTable.set(node, known);
    return known ? node.inputs : null;
  };
}

export function isColumn(facts: Inferred, name: string): boolean {
  const shape = facts.get(name)?.shape;
  return shape?.length === 2 && shape[0] === 'N' && shape[1] === 1;
}
