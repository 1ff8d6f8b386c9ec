/** Every output becomes columns [N,1] of the four types, named from the model. */

import { PredictableError } from '../../../errors.js';
import type { ColumnType, OutputColumn } from '../../../signature.js';
import { SQL_TYPES } from '../../../signature.js';
import { constant, emit, fresh, makeNode } from '../../build.js';
import type { ElementType } from '../../codec/model.js';
import { ELEMENT_TYPES } from '../../codec/model.js';
import { int, int64Tensor, ints } from '../../codec/tensors.js';
import type { Draft, OutputPlan, Result } from '../../draft.js';
import type { TensorFacts } from '../../facts/facts.js';
import { factsOf } from '../../facts/infer.js';
import type { Size } from '../../facts/shapes.js';
import { OBSERVED_ROWS } from '../../normalize-options.js';
import type { Pass } from '../pass.js';
import { done } from '../pass.js';
import { isNamed, isWanted, nameOutputs, plainNames } from './names.js';
import { classColumn, largest, topOutput } from './top.js';

const EDGE_TYPES: Partial<Record<ElementType, ColumnType>> = {
  float: 'float',
  double: 'double',
  int32: 'int32',
  int64: 'int64',
  float16: 'float',
  // What a bool label is in Python's arithmetic: 0 or 1.
  bool: 'int64',
  int8: 'int32',
  uint8: 'int32',
  int16: 'int32',
  uint16: 'int32',
  uint32: 'int64',
};

/** What every output of a model has that was normalised before. */
const COLUMN: Size[] = ['N', 1];

export const outputs: Pass = {
  name: 'outputs',
  after: ['maps', 'text', 'transposed'],
  async apply(draft) {
    const facts = factsOf(draft);
    const { graph } = draft.model;
    const widths: number[] = [];
    const shapes = await observedShapes(draft, facts);
    for (const output of draft.outputs) widths.push(widthOf(draft, output, facts.get(output.tensor), shapes));
    const top = topOutput(draft, widths, (output) => isNamed(draft, output));
    const names = nameOutputs(draft, widths, top);
    const declared = new Map(graph.outputs.map((value) => [value.name, value.type]));
    graph.outputs = [];
    draft.results = [];
    const reasons: string[] = [];
    for (const [index, output] of draft.outputs.entries()) {
      const columns = names[index] ?? [];
      const kept = columns.filter((name) => isWanted(draft, output, name));
      if (kept.length === 0) continue;
      const raw = declared.get(output.source);
      const known = facts.get(output.tensor);
      const guess = known?.element === undefined || known.element === 'undefined' ? raw : undefined;
      const element = guess?.kind === 'tensor' ? guess.element : (known?.element ?? 'undefined');
      const type = edgeType(output, element);
      const shape = known?.shape ?? (draft.previous ? COLUMN : (shapes[output.source] ?? null));
      const width = widths[index] ?? 1;
      const results =
        output === top
          ? topResults(draft, output, shape, columns, width, element, type)
          : split(draft, output, shape, columns, kept, element, type).map((tensor, at) => ({
              tensor,
              column: resultColumn(output, kept[at] ?? '', type),
            }));
      for (const result of results.filter(({ column }) => kept.includes(column.name))) {
        draft.results.push(result);
        graph.outputs.push({
          name: result.tensor,
          doc: '',
          type: { kind: 'tensor', element: result.column.type, shape: [draft.options.batch ?? 'N', 1] },
        });
      }
      reasons.push(`"${output.source}" gives ${kept.join(', ')}`);
    }
    return done(reasons.join('; '));
  },
};

/** `columns` are pairs of class and value. */
function topResults(
  draft: Draft,
  output: OutputPlan,
  shape: readonly Size[] | null,
  columns: string[],
  width: number,
  element: ElementType,
  type: ColumnType,
): Result[] {
  const matrix = casted(draft, rowMajor(draft, output.tensor, shape, width), element, type);
  const pairs = Array.from({ length: columns.length / 2 }, (_, at) => ({
    class: columns[at * 2] ?? '',
    value: columns[at * 2 + 1] ?? '',
  }));
  draft.top = { of: plainNames(output, width), columns: pairs };
  return largest(draft, matrix, pairs.length).map((tensor, at) => {
    const name = columns[at] ?? '';
    return {
      tensor,
      column: at % 2 === 0 ? classColumn(draft, name, width) : resultColumn(output, name, type),
    };
  });
}

function resultColumn(output: OutputPlan, name: string, type: ColumnType): OutputColumn {
  return {
    name,
    type,
    sqlType: SQL_TYPES[type],
    role: output.role,
    ...(output.labels === null ? {} : { labels: output.labels }),
  };
}

function edgeType(output: OutputPlan, element: ElementType): ColumnType {
  const type = EDGE_TYPES[element];
  if (type !== undefined) return type;
  throw new PredictableError(
    'UNSUPPORTED_TYPE',
    `Output "${output.source}" is of type ${element}, which no SQL column type holds.`,
    {
      hint: 'Export the model with float, double, int32, int64, bool or text outputs.',
      details: { tensor: output.source, type: element },
    },
  );
}

/** Shapes learnt by running the graph, for outputs whose rows and columns the operators do not tell. */
async function observedShapes(draft: Draft, facts: Map<string, TensorFacts>): Promise<Record<string, Size[]>> {
  const open = draft.outputs.filter(
    ({ names, tensor }) => names?.length !== 1 && width(facts.get(tensor)?.shape ?? null) === null,
  );
  if (open.length === 0 || draft.observe === null) return {};
  const observed = await draft.observe(open.map(({ source }) => source));
  return Object.fromEntries(
    Object.entries(observed).map(([source, sizes]) => {
      const axis = Math.max(0, sizes.indexOf(OBSERVED_ROWS));
      return [source, sizes.map((size, at): Size => (at === axis ? 'N' : size))];
    }),
  );
}

function widthOf(
  draft: Draft,
  output: OutputPlan,
  facts: TensorFacts | undefined,
  shapes: Record<string, Size[]>,
): number {
  if (output.names !== null) return output.names.length;
  const inferred = width(facts?.shape ?? null);
  if (inferred !== null) return inferred;
  const observed = width(shapes[output.source] ?? null);
  if (observed !== null) return observed;
  const raw = draft.model.graph.outputs.find(({ name }) => name === output.source)?.type;
  const declared = raw?.kind === 'tensor' ? raw.shape : null;
  if (declared?.slice(1).every((size) => typeof size === 'number')) {
    return declared.slice(1).reduce<number>((product, size) => product * Number(size), 1);
  }
  throw new PredictableError(
    'UNSUPPORTED_MODEL',
    `The model does not say how many columns output "${output.source}" has.`,
    {
      hint: 'Export it with shapes (onnx.shape_inference.infer_shapes).',
    },
  );
}

function width(shape: readonly Size[] | null): number | null {
  if (shape === null || !shape.includes('N')) return null;
  const rest = shape.filter((size) => size !== 'N');
  return rest.every((size) => typeof size === 'number')
    ? rest.reduce((product: number, size) => product * Number(size), 1)
    : null;
}

/** The columns that are kept, each [N,1], cast where the edge wants another type. */
function split(
  draft: Draft,
  output: OutputPlan,
  shape: readonly Size[] | null,
  columns: string[],
  kept: string[],
  element: ElementType,
  type: ColumnType,
): string[] {
  const cast = (tensor: string): string => casted(draft, tensor, element, type);
  const asColumn = (tensor: string): string => emit(draft, 'Reshape', [tensor, constant(draft, int64Tensor([-1, 1]))]);
  const stacked = draft.transposed.get(output.tensor);
  if (columns.length === 1) {
    if (stacked !== undefined) return [cast(asColumn(stacked))];
    const ready = shape?.length === 2 && shape[0] === 'N' && shape[1] === 1;
    return [cast(ready ? output.tensor : asColumn(output.tensor))];
  }
  const source = stacked ?? rowMajor(draft, output.tensor, shape, columns.length);
  // ONNX Runtime 1.12.1 has no Split for double.
  const byGather = element === 'double' || kept.length * 2 < columns.length;
  const parts = (byGather ? gather : splitUp)(draft, cast(source), columns, kept, stacked === undefined ? 1 : 0);
  return stacked === undefined ? parts : parts.map(asColumn);
}

function casted(draft: Draft, tensor: string, element: ElementType, type: ColumnType): string {
  return element === type ? tensor : emit(draft, 'Cast', [tensor], { to: int(ELEMENT_TYPES.indexOf(type)) });
}

/** [N,K], from whatever shape the rows have. */
function rowMajor(draft: Draft, tensor: string, shape: readonly Size[] | null, count: number): string {
  if (shape?.length === 2 && shape[0] === 'N') return tensor;
  const rows = shape?.indexOf('N') ?? 0;
  let source = tensor;
  if (shape && rows > 0) {
    const order = [rows, ...shape.keys()].filter((axis, index) => index === 0 || axis !== rows);
    source = emit(draft, 'Transpose', [tensor], { perm: ints(order) });
  }
  return emit(draft, 'Reshape', [source, constant(draft, int64Tensor([-1, count]))]);
}

function gather(draft: Draft, tensor: string, columns: string[], kept: string[], axis: number): string[] {
  return kept.map((name) =>
    emit(draft, 'Gather', [tensor, constant(draft, int64Tensor([columns.indexOf(name)]))], { axis: int(axis) }),
  );
}

/** Fastest when most of the columns are wanted (100 of them on 1.12.1: half of what Gather takes). */
function splitUp(draft: Draft, tensor: string, columns: string[], kept: string[], axis: number): string[] {
  const parts = columns.map(() => fresh(draft, 'part'));
  draft.model.graph.nodes.push(makeNode('Split', [tensor], parts, { axis: int(axis) }));
  return kept.map((name) => parts[columns.indexOf(name)] ?? '');
}
