/** Text tensors that hold the same kind of text: what one operator hands on, compares or joins must share its codes. */

import type { Node } from '../../codec/model.js';
import { stringsOf, text } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { factsOf } from '../../facts-of.js';
import { isOfClass, operatorOf } from '../../operators/classes.js';
import { inOrder, nestedGraphs, readsOf } from '../../walk.js';

export interface TextGroup {
  tensors: Set<string>;
  /** Nodes that read or make one of its tensors, in order. */
  nodes: Node[];
  /** The operator that needs the text itself, or null when codes serve as well. */
  blocked: string | null;
}

export function groupText(draft: Draft): TextGroup[] {
  const facts = factsOf(draft);
  const isText = (name: string): boolean => facts.get(name)?.element === 'string';
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    let top = name;
    for (let next = parent.get(top); next !== undefined && next !== top; next = parent.get(top)) top = next;
    // Long chains are walked once.
    for (let at = name; at !== top; ) {
      const next = parent.get(at) ?? top;
      parent.set(at, top);
      at = next;
    }
    return top;
  };
  const touched: { node: Node; names: string[] }[] = [];
  for (const node of inOrder(draft.model.graph)) {
    const captured = nestedGraphs(node).flatMap(readsOf);
    const names = [...node.inputs, ...captured, ...node.outputs].filter(isText);
    if (names.length === 0) continue;
    touched.push({ node, names });
    for (const name of names) if (!parent.has(name)) parent.set(name, name);
    if (!handsOnText(node)) continue;
    for (const name of names) parent.set(root(name), root(names[0] ?? name));
  }
  const groups = new Map<string, TextGroup>();
  for (const { node, names } of touched) {
    for (const name of new Set(names.map(root))) {
      const group = groups.get(name) ?? { tensors: new Set<string>(), nodes: [], blocked: null };
      groups.set(name, group);
      group.nodes.push(node);
      for (const member of names) if (root(member) === name) group.tensors.add(member);
      if (!worksOnCodes(node)) group.blocked ??= node.op;
    }
  }
  return [...groups.values()];
}

/** Hands values on or compares them, whatever they stand for. */
function handsOnText(node: Node): boolean {
  const operator = operatorOf(node);
  if (operator?.onCodes) return true;
  return operator?.class === 'movement' && operator.notOnCodes === undefined;
}

function worksOnCodes(node: Node): boolean {
  if (handsOnText(node)) return true;
  // The text that they know stands in attributes; that in the form of later versions (tensors) is not translated.
  return (
    isOfClass(node, 'classifier', 'encoder') && ![...node.attributes.keys()].some((name) => name.endsWith('_tensor'))
  );
}

export interface TextUse {
  /** Where it stands, which decides whether it is a category, a label or the mark of a missing value. */
  role: 'category' | 'mark' | 'label' | 'constant';
  values: string[];
}

/** Every text that the group's operators know, in their order. */
export function textsOf(draft: Draft, group: TextGroup): TextUse[] {
  const own = (name: string): boolean => group.tensors.has(name);
  return group.nodes.flatMap((node): TextUse[] => {
    const uses: TextUse[] = [];
    const add = (role: TextUse['role'], values: string[] | null): void => {
      if (values !== null) uses.push({ role, values });
    };
    const reads = node.inputs.some(own);
    const makes = node.outputs.some(own);
    if (node.op === 'OneHotEncoder') add('category', stringsOf(node, 'cats_strings'));
    if (node.op === 'LabelEncoder') {
      const keys = stringsOf(node, 'keys_strings');
      if (reads) add(keys?.length === 1 ? 'mark' : 'category', keys);
      if (makes) add('constant', stringsOf(node, 'values_strings'));
    }
    if (makes) add('label', stringsOf(node, 'classlabels_strings'));
    for (const name of node.inputs) {
      const tensor = draft.index.constant(name);
      if (tensor?.type === 'string' && own(name)) {
        add(
          node.op === 'ArrayFeatureExtractor' || node.op === 'Gather' ? 'label' : 'constant',
          tensor.strings.map(text),
        );
      }
    }
    return uses;
  });
}
