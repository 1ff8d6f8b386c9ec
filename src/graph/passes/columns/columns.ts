/** Every input becomes columns [N,1], named exactly as the user's columns; a tensor [N,F] is joined from F of them. */

import type { ColumnFacts } from '../../../converters/answer.js';
import { PredictableError } from '../../../errors.js';
import type { ColumnType, InputColumn, NullPolicy } from '../../../signature.js';
import { constant, emit, fresh, makeNode, redirect } from '../../build.js';
import type { ElementType, ValueInfo } from '../../codec/model.js';
import { ELEMENT_TYPES } from '../../codec/model.js';
import { int, int64Tensor, ints, string, strings } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { goodName } from '../../good-name.js';
import { tooManyInputs } from '../../limits.js';
import { INPUT_TYPES } from '../edge-types.js';
import type { Pass } from '../pass.js';
import { done } from '../pass.js';
import { stack } from '../stack.js';
import { firstBy, nameColumns, refusedInput, sizesOf, widthOf } from './names.js';
import { pictureOf, refuseUnknownPictures } from './pictures.js';
import { resize } from './resize.js';

export const columns: Pass = {
  name: 'columns',
  after: ['opsets', 'batch'],
  apply(draft) {
    const { graph } = draft.model;
    const raw = inModelOrder(draft, graph.inputs);
    refuseUnknownPictures(draft, raw);
    const named = nameColumns(draft, raw);
    draft.pictures = raw.flatMap((input) => pictureOf(draft, input) ?? []);
    refuseTooMany(draft, raw, named);
    graph.inputs = [];
    const known = knownColumns(draft);
    const reasons = raw.map((input, index) => replace(draft, input, named[index] ?? [], known));
    refuseCollisions(draft);
    const sources = new Map(draft.options.facts?.inputs.map(({ tensor, source }) => [tensor, source]));
    for (const [index, { name }] of raw.entries())
      keepOriginalName(draft, draft.options.facts ? sources.get(name) : name, named[index] ?? []);
    return done(reasons.join('; '));
  },
};

/** Before a hundred thousand columns are made in vain. */
function refuseTooMany(draft: Draft, inputs: ValueInfo[], names: string[][]): void {
  const count = names.reduce((sum, each) => sum + each.length, 0);
  const { target } = draft.options;
  if (count <= target.maxInputs) return;
  const wide = inputs.some(({ type }) => type.kind === 'tensor' && ['double', 'int64'].includes(type.element));
  throw tooManyInputs(count, wide ? 8 : 4, target, { pictures: draft.pictures });
}

/** Exporters sort inputs by name; the converter knows the model's own order. */
function inModelOrder(draft: Draft, inputs: ValueInfo[]): ValueInfo[] {
  const { facts } = draft.options;
  if (facts === undefined) return inputs;
  // The first, where one is named twice.
  const order = new Map(facts.inputs.map(({ tensor }, at) => [tensor, at] as const).reverse());
  const place = ({ name }: ValueInfo): number => order.get(name) ?? facts.inputs.length;
  return inputs.toSorted((one, other) => place(one) - place(other));
}

function keepOriginalName(draft: Draft, frameworkName: string | undefined, columns: string[]): void {
  if (frameworkName === undefined || (draft.options.columnNames && columns.length > 1)) return;
  const name = columns.length === 1 ? (columns[0] ?? '') : goodName(frameworkName, 'input');
  if (name !== frameworkName) draft.originalNames.set(name, frameworkName);
}

/** What the converter, or an earlier normalisation, says of a column of that name. */
type KnownColumns = (name: string) => Pick<RawColumn, 'known' | 'previous'>;

function knownColumns({ options, previous }: Draft): KnownColumns {
  const facts = firstBy(options.facts?.columns, ({ name }) => name);
  const inputs = firstBy(previous?.inputs, ({ name }) => name);
  return (name) => ({ known: facts.get(name), previous: inputs.get(name) });
}

/** A column as the raw graph wants it. */
interface RawColumn {
  name: string;
  /** Element type in the raw graph. */
  element: ElementType;
  /** What that becomes at the edge. */
  edge: ColumnType;
  /** A pixel of a picture that is resized, which is done in float. */
  isResized: boolean;
  /** What the converter says of it. */
  known: ColumnFacts | undefined;
  /** What the signature says, of a model that was normalised before. */
  previous: InputColumn | undefined;
}

function replace(draft: Draft, input: ValueInfo, names: string[], known: KnownColumns): string {
  if (input.type.kind !== 'tensor') throw refusedInput(input.name, input.type.kind);
  const { element } = input.type;
  const edge = INPUT_TYPES[element];
  if (edge === undefined) throw refusedInput(input.name, element);
  const width = widthOf(draft, input);
  if (width !== null && width !== names.length) throw mismatch(input.name, width, names.length);
  const picture = pictureOf(draft, input);
  const resized = picture?.sizes.some((size, at) => size !== picture.raw[at]) ? picture : null;
  const isResized = resized !== null;
  const parts = names.map((name) => makeColumn(draft, { name, element, edge, isResized, ...known(name) }));
  const inside = resized ? 'float' : element;
  let tensor = parts.length === 1 ? (parts[0] ?? '') : join(draft, inside, parts);
  tensor = shaped(draft, input, tensor);
  if (resized) tensor = asElement(draft, resize(draft, tensor, resized), element);
  redirect(draft, input.name, tensor);
  const count = `${names.length} column${names.length === 1 ? '' : 's'}`;
  return `input "${input.name}" is made of ${count}${resized ? ', resized' : ''}`;
}

/** [N,F] in the shape that the raw input has, or that a smaller picture has. */
function shaped(draft: Draft, input: ValueInfo, tensor: string): string {
  const sizes = sizesOf(draft, input);
  if (sizes?.length === 0) return emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([-1]))]);
  if (sizes === null || sizes.length === 1) return tensor;
  const target = sizes.map((size) => size ?? -1);
  return emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([target.includes(-1) ? 0 : -1, ...target]))]);
}

/** From the float in which a picture is resized; whole numbers are rounded, halves to even. */
function asElement(draft: Draft, tensor: string, element: ElementType): string {
  if (element === 'float') return tensor;
  const rounded = ['double', 'float16'].includes(element) ? tensor : emit(draft, 'Round', [tensor]);
  return emit(draft, 'Cast', [rounded], { to: int(ELEMENT_TYPES.indexOf(element)) });
}

function mismatch(input: string, width: number, count: number): PredictableError {
  return new PredictableError(
    'COLUMN_MISMATCH',
    `input "${input}" takes ${width} columns, and ${count} are named for it`,
    {
      hint: 'Give one name per column, in the order of the inputs.',
    },
  );
}

function join(draft: Draft, element: ElementType, parts: string[]): string {
  // The runtime's Transpose has no kernel for text.
  return element === 'string' ? emit(draft, 'Concat', parts, { axis: int(1) }) : stack(draft, parts);
}

/** Adds the graph input of a column and returns the tensor [N,1] of the type that the raw graph wants. */
function makeColumn(draft: Draft, column: RawColumn): string {
  const { name, element, edge, isResized, known, previous } = column;
  const type = element === 'string' ? 'int64' : (known?.type ?? edge);
  const tensor = fresh(draft, 'column');
  draft.model.graph.inputs.push({
    name: tensor,
    doc: '',
    type: { kind: 'tensor', element: type, shape: [draft.options.batch ?? 'N', 1] },
  });
  const plan = {
    name,
    tensor,
    type,
    nulls: nullPolicy(draft, type, column),
    replaced: previous !== undefined,
    category: null,
  } as const;
  if (element === 'string') return decode(draft, plan, known);
  const isCode = known?.kind === 'category' || previous?.categories !== undefined;
  draft.columns.push({
    ...plan,
    category: isCode
      ? {
          decoder: null,
          categories: known?.categories ?? previous?.categories ?? null,
          missingText: null,
          unknown: unknownPolicy(draft, known, previous),
        }
      : null,
  });
  if (isResized)
    return type === 'float' ? tensor : emit(draft, 'Cast', [tensor], { to: int(ELEMENT_TYPES.indexOf('float')) });
  if (type === element) return tensor;
  if ((type === 'int64' || type === 'int32') && element === 'float' && !isCode) {
    draft.warnings.push({
      code: 'INTEGER_ROUNDING',
      message: `Column ${name} is ${type}, but the model computes in float: whole numbers beyond 16,777,216 are rounded.`,
    });
  }
  return emit(draft, 'Cast', [tensor], { to: int(ELEMENT_TYPES.indexOf(element)) });
}

/** A category has a code of its own for NULL and takes no number in its place; other whole numbers have no NaN. */
function nullPolicy(draft: Draft, type: ColumnType, { element, known, previous }: RawColumn): NullPolicy {
  const usual = known ? (known.acceptsMissing ? 'nan' : 'error') : (previous?.nulls ?? 'error');
  const policy = draft.options.onNull ?? usual;
  const isCategory = element === 'string' || known?.kind === 'category' || previous?.categories !== undefined;
  if (isCategory) return typeof policy === 'number' ? usual : policy;
  return policy === 'nan' && (type === 'int32' || type === 'int64') ? 'error' : policy;
}

/** A text column: codes come in, and a LabelEncoder gives the raw graph the text that it expects. */
function decode(
  draft: Draft,
  plan: Omit<Draft['columns'][number], 'category'>,
  known: ColumnFacts | undefined,
): string {
  const output = fresh(draft, 'category');
  draft.model.graph.nodes.push(
    makeNode(
      'LabelEncoder',
      [plan.tensor],
      [output],
      { keys_int64s: ints([]), values_strings: strings([]), default_string: string('') },
      'ai.onnx.ml',
    ),
  );
  draft.columns.push({
    ...plan,
    category: {
      decoder: output,
      categories: known?.categories ?? null,
      missingText: known?.missingText ?? null,
      unknown: unknownPolicy(draft, known, undefined),
    },
  });
  return output;
}

/** One row with an unseen value must not fail a batch on the server: without a word from the user it predicts NULL. */
function unknownPolicy(
  draft: Draft,
  known: ColumnFacts | undefined,
  previous: InputColumn | undefined,
): InputColumn['unknown'] {
  return draft.options.onUnknown ?? previous?.unknown ?? (known?.unknown === 'zeros' ? 'zeros' : 'null');
}

function refuseCollisions(draft: Draft): void {
  const seen = new Map<string, string>();
  for (const { name } of draft.columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new PredictableError('NAME_COLLISION', `columns "${other}" and "${name}" are the same name to SQL`, {
        hint: 'Rename one of them with --columns.',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}
