/** Lets the caller run the graph as it stands, to learn shapes that neither converter nor operators tell. */

import { encodeModel } from './codec.js';
import type { Draft } from './draft.js';

export function observer(draft: Draft): Draft['observe'] {
  const { observe } = draft.options;
  if (observe === undefined) return null;
  return async (sources) => {
    const wanted = draft.outputs.filter(({ source }) => sources.includes(source));
    const declared = new Map(draft.model.graph.outputs.map(({ name, type }) => [name, type]));
    const outputs = wanted.map(({ tensor, source }) => {
      const type = declared.get(source);
      const element = type?.kind === 'tensor' ? type.element : 'float';
      return { name: tensor, doc: '', type: { kind: 'tensor' as const, element, shape: null } };
    });
    const bytes = encodeModel({ ...draft.model, graph: { ...draft.model.graph, outputs, values: [] } });
    const shapes = await observe(
      bytes,
      wanted.map(({ tensor }) => tensor),
    );
    return Object.fromEntries(wanted.map(({ source, tensor }) => [source, shapes[tensor] ?? []]));
  };
}
