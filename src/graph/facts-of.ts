/** What is known of a draft's tensors. */

import type { Draft } from './draft.js';
import type { Inferred } from './facts/facts.js';
import { infer } from './facts/infer.js';

/** As the pass that asks finds the graph: worked out once, however often it asks. */
export function factsOf(draft: Draft): Inferred {
  draft.facts ??= infer(draft.model.graph);
  return draft.facts;
}
