/** Puts codes where a group had text. */

import { NULL_CODE, UNKNOWN_CODE } from '../../../signature.js';
import { redirect } from '../../build.js';
import type { Node } from '../../codec/model.js';
import { int, int64Tensor, ints, string, stringOf, strings, stringsOf, text } from '../../codec/tensors.js';
import type { ColumnPlan, Draft } from '../../draft.js';
import type { Codebook } from './codebook.js';
import type { TextGroup } from './groups.js';

/** LabelEncoder's default for text that it is not told, by ONNX's definition. */
const DEFAULT_TEXT = '_Unused';

/** Classifiers call their whole-number labels by two names. */
const NUMBER_LABELS: Record<string, string> = {
  TreeEnsembleClassifier: 'classlabels_int64s',
  LinearClassifier: 'classlabels_ints',
  SVMClassifier: 'classlabels_ints',
};

/** Returns the nodes that are of no use any more, since a column has the group's codes as it comes. */
export function toCodes(draft: Draft, group: TextGroup, columns: ColumnPlan[], book: Codebook): Node[] {
  const code = (value: string): number => book.codes.get(value) ?? UNKNOWN_CODE;
  const decoders = new Set(columns.map(({ category }) => category?.decoder));
  for (const node of group.nodes) if (!decoders.has(node.outputs[0])) translate(node, group, code);
  for (const name of group.tensors) {
    const tensor = draft.index.constant(name);
    if (tensor?.type !== 'string') continue;
    const codes = tensor.strings.map((value) => code(text(value)));
    draft.index.setConstant({ ...int64Tensor(codes, tensor.dims), name });
  }
  const nullIsTaken = [...book.codes.values()].includes(NULL_CODE);
  return columns.flatMap((column) => recode(draft, column, code, nullIsTaken) ?? []);
}

/** Where the text must stay: codes become text at the input. */
export function fillDecoders(draft: Draft, columns: ColumnPlan[], book: Codebook): void {
  for (const { category } of columns) {
    const node = draft.index.maker(category?.decoder ?? '');
    const categories = category?.categories;
    if (node === undefined || category === null || !categories) continue;
    node.attributes.set('keys_int64s', ints([...categories.keys(), NULL_CODE]));
    node.attributes.set('values_strings', strings([...categories, category.missingText ?? book.unknownText]));
    node.attributes.set('default_string', string(book.unknownText));
  }
}

function translate(node: Node, group: TextGroup, code: (value: string) => number): void {
  const put = (from: string, to: string): void => {
    const values = stringsOf(node, from);
    if (values === null) return;
    node.attributes.delete(from);
    node.attributes.set(to, ints(values.map(code)));
  };
  const makes = node.outputs.some((name) => group.tensors.has(name));
  const reads = node.inputs.some((name) => group.tensors.has(name));
  if (node.op === 'OneHotEncoder') put('cats_strings', 'cats_int64s');
  if (node.op === 'LabelEncoder') {
    if (reads) put('keys_strings', 'keys_int64s');
    if (makes) {
      put('values_strings', 'values_int64s');
      node.attributes.set('default_int64', int(code(stringOf(node, 'default_string', DEFAULT_TEXT))));
      node.attributes.delete('default_string');
    }
  }
  const labels = NUMBER_LABELS[node.op];
  if (labels !== undefined && makes) put('classlabels_strings', labels);
}

/** A column's codes are the group's where it is alone in it, and its decoder is returned; else that turns one into the other. */
function recode(
  draft: Draft,
  column: ColumnPlan,
  code: (value: string) => number,
  nullIsTaken: boolean,
): Node | undefined {
  const { category } = column;
  const node = draft.index.maker(category?.decoder ?? '');
  const categories = category?.categories;
  if (node === undefined || category === null || !categories) return undefined;
  const { missingText } = category;
  const missing = missingText === null ? UNKNOWN_CODE : code(missingText);
  const same =
    categories.every((value, index) => code(value) === index) &&
    (missingText === null ? !nullIsTaken : missing === NULL_CODE);
  category.decoder = null;
  if (same) {
    redirect(draft, node.outputs[0] ?? '', column.tensor);
    return node;
  }
  node.attributes = new Map([
    ['keys_int64s', ints([...categories.keys(), NULL_CODE])],
    ['values_int64s', ints([...categories.map(code), missing])],
    ['default_int64', int(UNKNOWN_CODE)],
  ]);
  return undefined;
}
