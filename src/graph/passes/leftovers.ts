/** Nodes that change nothing: Identity, Dropout at inference, a Cast to the type that a tensor has. */

import { redirect } from '../build.js';
import type { Node } from '../codec/model.js';
import { ELEMENT_TYPES } from '../codec/model.js';
import { intOf } from '../codec/tensors.js';
import type { Draft } from '../draft.js';
import type { Inferred } from '../facts/facts.js';
import { factsOf } from '../facts-of.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';

export const leftovers: Pass = {
  name: 'leftovers',
  after: ['imports', 'initializers'],
  apply(draft) {
    const { graph } = draft.model;
    const facts = factsOf(draft);
    const removed: string[] = [];
    graph.nodes = graph.nodes.filter((node) => {
      if (!changesNothing(draft, node, facts)) return true;
      redirect(draft, node.outputs[0] ?? '', node.inputs[0] ?? '');
      removed.push(node.op);
      return false;
    });
    if (removed.length === 0) return nothing('every node changes something');
    return done(`removed ${removed.length} nodes that change nothing (${[...new Set(removed)].join(', ')})`);
  },
};

function changesNothing(draft: Draft, node: Node, facts: Inferred): boolean {
  if (node.domain !== '') return false;
  if (node.op === 'Identity') return true;
  if (node.op === 'Cast') {
    const element = facts.get(node.inputs[0] ?? '')?.element;
    return element !== undefined && element !== 'undefined' && ELEMENT_TYPES[intOf(node, 'to', 0)] === element;
  }
  if (node.op === 'Dropout') {
    const mask = node.outputs[1];
    const training = node.inputs.length > 2;
    return !training && (mask === undefined || mask === '' || draft.index.readers(mask).length === 0);
  }
  return false;
}
