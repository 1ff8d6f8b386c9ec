/**
 * No text inside the graph: category codes come in, label codes go out, and every operator in between works on codes too.
 * Where an operator needs the text itself, a LabelEncoder decodes at the input and another encodes at the output.
 */

import { emit } from '../../build.js';
import type { Node } from '../../codec/model.js';
import { int, ints, strings } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { factsOf } from '../../facts-of.js';
import type { Pass } from '../pass.js';
import { done, nothing } from '../pass.js';
import { codebookOf } from './codebook.js';
import { dictionaryOf } from './dictionary.js';
import { groupText, type TextGroup, textsOf } from './groups.js';
import { fillDecoders, toCodes } from './rewrite.js';

export const text: Pass = {
  name: 'text',
  after: ['columns', 'selections'],
  requires(draft) {
    const facts = factsOf(draft);
    const output = draft.outputs.some(({ tensor }) => facts.get(tensor)?.element === 'string');
    const input = draft.columns.some(({ category }) => category?.decoder);
    return output || input ? null : 'no text at the edge';
  },
  apply(draft) {
    const reasons: string[] = [];
    const idle = new Set<Node>();
    const groups = groupText(draft);
    const outputsOf = byGroup(groups, draft.outputs, ({ tensor }) => tensor);
    const columnsOf = byGroup(groups, draft.columns, ({ category }) => category?.decoder);
    for (const group of groups) {
      const outputs = outputsOf.get(group) ?? [];
      const columns = columnsOf.get(group) ?? [];
      if (outputs.length + columns.length === 0) continue;
      const uses = textsOf(draft, group);
      for (const column of columns) column.category = dictionaryOf(column, uses);
      const book = codebookOf(uses, columns, outputs);
      for (const output of outputs) output.labels = book.labels;
      acceptUnknown(group.nodes, columns);
      if (group.blocked === null) for (const node of toCodes(draft, group, columns, book)) idle.add(node);
      else {
        fillDecoders(draft, columns, book);
        for (const output of outputs) output.tensor = encoded(draft, output.tensor, book.labels);
      }
      const names = [...columns.map(({ name }) => name), ...outputs.map(({ rawOutput }) => rawOutput)].join(', ');
      reasons.push(
        group.blocked === null
          ? `${names}: codes throughout`
          : `${names}: text inside, because ${group.blocked} needs it`,
      );
    }
    draft.model.graph.nodes = draft.model.graph.nodes.filter((node) => !idle.has(node));
    return reasons.length === 0 ? nothing('no text at the edge') : done(reasons.join('; '));
  },
};

/** Of columns or outputs, those whose text is a group's, in their order. */
function byGroup<Plan>(
  groups: TextGroup[],
  plans: Plan[],
  tensorOf: (plan: Plan) => string | null | undefined,
): Map<TextGroup, Plan[]> {
  const groupOf = new Map(groups.flatMap((group) => [...group.tensors].map((tensor) => [tensor, group] as const)));
  const found = new Map<TextGroup, Plan[]>();
  for (const plan of plans) {
    const group = groupOf.get(tensorOf(plan) ?? '');
    if (group === undefined) continue;
    const others = found.get(group);
    if (others === undefined) found.set(group, [plan]);
    else others.push(plan);
  }
  return found;
}

/** Text labels to their codes; a label that is in no dictionary is −1. */
function encoded(draft: Draft, tensor: string, labels: string[]): string {
  return emit(
    draft,
    'LabelEncoder',
    [tensor],
    { keys_strings: strings(labels), values_int64s: ints(labels.map((_, code) => code)), default_int64: int(-1) },
    'ai.onnx.ml',
  );
}

/** An encoder that raises on an unseen category would fail the whole batch: only the policy `error` keeps that. */
function acceptUnknown(
  nodes: Iterable<{ op: string; attributes: Map<string, unknown> }>,
  columns: Draft['columns'],
): void {
  if (!columns.some(({ category }) => category && category.unknown !== 'error')) return;
  for (const node of nodes) if (node.op === 'OneHotEncoder') node.attributes.set('zeros', int(1));
}
