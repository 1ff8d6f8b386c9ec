/** One column picked out of columns that were just put together is that column: the detour over the whole table goes. */

import type { Draft, Pass } from '../draft.js';
import { done, dropDead, initializersOf, nothing, producers, redirect } from '../draft.js';
import { type Inferred, infer } from '../infer.js';
import type { Node } from '../model.js';
import { intOf, numbersOf } from '../tensors.js';

export const selections: Pass = {
  name: 'selections',
  apply(draft) {
    const facts = infer(draft);
    let count = 0;
    for (const node of draft.model.graph.nodes) {
      const picked = pickedColumn(draft, node, facts);
      if (picked === null) continue;
      redirect(draft, node.outputs[0] ?? '', picked);
      count += 1;
    }
    if (count === 0) return nothing(draft, 'no single column is picked out of a joined table');
    dropDead(draft);
    return done(draft, `${count} columns are read directly instead of from a joined table`);
  },
};

function pickedColumn(draft: Draft, node: Node, facts: Inferred): string | null {
  const isGather = node.op === 'Gather' && Math.abs(intOf(node, 'axis', 0)) === 1;
  if (!isGather && node.op !== 'ArrayFeatureExtractor') return null;
  const [table = '', indices = ''] = node.inputs;
  const tensor = initializersOf(draft.model.graph).get(indices);
  if (tensor === undefined || (isGather && tensor.dims.length !== 1)) return null;
  const [index, ...more] = numbersOf(tensor);
  if (index === undefined || more.length > 0) return null;
  return columnsOf(draft, table, facts)?.at(index) ?? null;
}

/** The [N,1] tensors that a table was made of, when it was. */
function columnsOf(draft: Draft, table: string, facts: Inferred): string[] | null {
  const join = draft.joins.find(({ tensor }) => tensor === table);
  if (join) return join.columns;
  const node = producers(draft.model.graph).get(table);
  if (node?.op !== 'Concat' || Math.abs(intOf(node, 'axis', 0)) !== 1) return null;
  return node.inputs.every((name) => isColumn(facts, name)) ? node.inputs : null;
}

export function isColumn(facts: Inferred, name: string): boolean {
  const shape = facts.get(name)?.shape;
  return shape?.length === 2 && shape[0] === 'N' && shape[1] === 1;
}
