/** Columns that the raw graph puts side by side with Concat(axis 1) are stacked the cheap way. */

import { redirect } from '../build.js';
import { intOf } from '../codec/tensors.js';
import { factsOf } from '../facts-of.js';
import type { Pass } from './pass.js';
import { done, nothing } from './pass.js';
import { isColumn } from './selections.js';
import { stack } from './stack.js';

export const joins: Pass = {
  name: 'joins',
  after: ['selections', 'text'],
  apply(draft) {
    const { graph } = draft.model;
    const facts = factsOf(draft);
    const wide = graph.nodes.filter(
      (node) =>
        node.op === 'Concat' &&
        node.inputs.length > 1 &&
        [1, -1].includes(intOf(node, 'axis', 0)) &&
        node.inputs.every((name) => isColumn(facts, name) && facts.get(name)?.element !== 'string'),
    );
    for (const node of wide) redirect(draft, node.outputs[0] ?? '', stack(draft, node.inputs));
    if (wide.length === 0) return nothing('no Concat puts single columns side by side');
    return done(`${wide.length} Concat(axis 1) of columns became Concat(axis 0), Reshape, Transpose`);
  },
};
