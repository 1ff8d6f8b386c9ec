/** Every input becomes columns [N,1], named exactly as the user's columns; a tensor [N,F] is joined from F of them. */

import type { ColumnFacts } from '../../convert/envelope.js';
import { PredictableError } from '../../errors.js';
import type { ColumnType, InputColumn, NullPolicy } from '../../signature.js';
import type { Draft, Pass } from '../draft.js';
import { constant, done, emit, fresh, makeNode, redirect } from '../draft.js';
import { stack } from '../join.js';
import type { ElementType, ValueInfo } from '../model.js';
import { ELEMENT_TYPES } from '../model.js';
import { int, int64Tensor, ints, string, strings } from '../tensors.js';

/** What an element type becomes at the edge; what is not here is refused. */
const EDGE_TYPES: Partial<Record<ElementType, ColumnType>> = {
  float: 'float',
  double: 'double',
  int32: 'int32',
  int64: 'int64',
  float16: 'float',
  bool: 'int32',
  int8: 'int32',
  uint8: 'int32',
  int16: 'int32',
  uint16: 'int32',
  uint32: 'int64',
  string: 'int64',
};

export const columns: Pass = {
  name: 'columns',
  apply(draft) {
    const { graph } = draft.model;
    const named = columnNames(draft, graph.inputs);
    const raw = graph.inputs;
    graph.inputs = [];
    const reasons = raw.map((input, index) => replace(draft, input, named[index] ?? []));
    refuseCollisions(draft);
    return done(draft, reasons.join('; '));
  },
};

/** The names of each input's columns. */
function columnNames(draft: Draft, inputs: ValueInfo[]): string[][] {
  const { facts, columnNames: given } = draft.options;
  if (facts) {
    return inputs.map(({ name }) => {
      const found = facts.inputs.find(({ tensor }) => tensor === name);
      if (found === undefined) throw missing(`The converter does not say which columns make input "${name}".`);
      return found.columns;
    });
  }
  const widths = inputs.map((input) => widthOf(input));
  if (given === undefined) {
    return inputs.map(({ name }, index) => {
      const width = widths[index] ?? null;
      if (width === 1) return [name];
      throw missing(
        `Input "${name}" takes ${width ?? 'an unknown number of'} columns, and the model does not say their names.`,
      );
    });
  }
  // One input may have an open width: it takes what the others leave.
  const open = widths.filter((width) => width === null).length;
  const known = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  if (open > 1 || (open === 0 ? known !== given.length : known >= given.length)) {
    throw new PredictableError(
      'COLUMN_MISMATCH',
      `${given.length} column names were given, but the model's inputs take ${open > 0 ? `more than ${known}` : known}.`,
      { hint: `Give one name per column, in the order of the inputs: ${inputs.map(({ name }) => name).join(', ')}.` },
    );
  }
  let start = 0;
  return widths.map((width) => {
    const count = width ?? given.length - known;
    start += count;
    return given.slice(start - count, start);
  });
}

function missing(message: string): PredictableError {
  return new PredictableError('MISSING_COLUMNS', message, {
    hint: 'Name the columns: --columns a,b,c, or give rows with a header: --sample FILE.',
  });
}

/** Columns per row; null when the model leaves it open. */
function widthOf(input: ValueInfo): number | null {
  if (input.type.kind !== 'tensor') throw refusedType(input.name, input.type.kind);
  const { shape } = input.type;
  if (shape === null) return null;
  if (shape.length < 2) return 1;
  const sizes = shape.slice(1);
  if (sizes.some((size) => typeof size !== 'number' || size <= 0)) return null;
  return sizes.reduce<number>((product, size) => product * Number(size), 1);
}

function replace(draft: Draft, input: ValueInfo, names: string[]): string {
  if (input.type.kind !== 'tensor') throw refusedType(input.name, input.type.kind);
  const { element, shape } = input.type;
  const edge = EDGE_TYPES[element];
  if (edge === undefined) throw refusedType(input.name, element);
  const parts = names.map((name) => makeColumn(draft, name, element, edge));
  let tensor = parts.length === 1 ? (parts[0] ?? '') : join(draft, element, parts);
  const rank = shape?.length ?? 2;
  if (rank === 1) tensor = emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([-1]))]);
  if (rank > 2 && shape) {
    const sizes = shape.slice(1).map((size) => (typeof size === 'number' && size > 0 ? size : -1));
    tensor = emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([sizes.includes(-1) ? 0 : -1, ...sizes]))]);
  }
  redirect(draft, input.name, tensor);
  return `input "${input.name}" is made of ${names.length} column${names.length === 1 ? '' : 's'}`;
}

function join(draft: Draft, element: ElementType, parts: string[]): string {
  // The runtime's Transpose has no kernel for text.
  return element === 'string' ? emit(draft, 'Concat', parts, { axis: int(1) }) : stack(draft, parts);
}

/** Adds the graph input of a column and returns the tensor [N,1] of the type that the raw graph wants. */
function makeColumn(draft: Draft, name: string, element: ElementType, edge: ColumnType): string {
  const known = draft.options.facts?.columns.find((candidate) => candidate.name === name);
  const previous = draft.previous?.inputs.find((candidate) => candidate.name === name);
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
    nulls: nullPolicy(draft, type, known, previous, element === 'string'),
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
function nullPolicy(
  draft: Draft,
  type: ColumnType,
  known: ColumnFacts | undefined,
  previous: InputColumn | undefined,
  isText: boolean,
): NullPolicy {
  const usual = known ? (known.acceptsMissing ? 'nan' : 'error') : (previous?.nulls ?? 'error');
  const policy = draft.options.onNull ?? usual;
  const isCategory = isText || known?.kind === 'category' || previous?.categories !== undefined;
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

function refusedType(input: string, type: string): PredictableError {
  return new PredictableError(
    'UNSUPPORTED_TYPE',
    `Input "${input}" is of type ${type}, which no SQL column type holds.`,
    {
      hint: 'Export the model with float, double, int32, int64, bool or text inputs.',
      details: { tensor: input, type },
    },
  );
}

function refuseCollisions(draft: Draft): void {
  const seen = new Map<string, string>();
  for (const { name } of draft.columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new PredictableError('NAME_COLLISION', `Columns "${other}" and "${name}" are the same name to SQL.`, {
        hint: 'Rename one of them with --columns.',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}
