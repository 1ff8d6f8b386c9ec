/** Lets the caller run the graph as it stands, to learn shapes that neither converter nor operators tell. */

import { encodeModel } from './codec/codec.js';
import type { ElementType } from './codec/model.js';
import type { Draft } from './draft.js';
import type { Inferred } from './facts/facts.js';
import { factsOf } from './facts-of.js';

export function observer(draft: Draft): Draft['observe'] {
  const { observe } = draft.options;
  if (observe === undefined) return null;
  return async (rawOutputs) => {
    const asked = new Set(rawOutputs);
    const wanted = draft.outputs.filter(({ rawOutput }) => asked.has(rawOutput));
    const facts = factsOf(draft);
    const outputs = wanted.map(({ tensor, rawOutput }) => {
      const element = knownElement(draft, facts, tensor, rawOutput);
      return { name: tensor, doc: '', type: { kind: 'tensor' as const, element, shape: null } };
    });
    const model = { ...draft.model, graph: { ...draft.model.graph, outputs, values: [] } };
    const shapes = await observe(
      { bytes: encodeModel(model), model },
      wanted.map(({ tensor }) => tensor),
    );
    return Object.fromEntries(wanted.map(({ rawOutput, tensor }) => [rawOutput, shapes[tensor] ?? []]));
  };
}

function knownElement(draft: Draft, facts: Inferred, tensor: string, rawOutput: string): ElementType {
  const inferred = facts.get(tensor)?.element ?? 'undefined';
  if (inferred !== 'undefined') return inferred;
  const declared = draft.model.graph.outputs.find(({ name }) => name === rawOutput)?.type;
  return declared?.kind === 'tensor' ? declared.element : 'float';
}
