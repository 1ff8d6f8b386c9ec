/** Every output becomes columns [N,1] of the four types, named from the model. */

import { PredictableError } from '../../../errors.js';
import type { ColumnType, OutputColumn } from '../../../signature.js';
import { SQL_TYPES } from '../../../signature.js';
import type { ElementType } from '../../codec/model.js';
import type { Draft, OutputPlan, Result } from '../../draft.js';
import type { Size } from '../../facts/shapes.js';
import { factsOf } from '../../facts-of.js';
import { OUTPUT_TYPES } from '../edge-types.js';
import type { Pass } from '../pass.js';
import { done } from '../pass.js';
import { isNamed, isWanted, nameOutputs, plainNames } from './names.js';
import { asMatrix, type OutputShape, split } from './split.js';
import { classColumn, largest, topOutput } from './top.js';
import { type KnownShapes, observedShapes, widthOf } from './widths.js';

/** What every output of a model has that was normalised before. */
const COLUMN: Size[] = ['N', 1];

export const outputs: Pass = {
  name: 'outputs',
  after: ['maps', 'text', 'transposed'],
  async apply(draft) {
    const { graph } = draft.model;
    const inferred = factsOf(draft);
    const observed = await observedShapes(draft, inferred);
    const known = { inferred, observed, declared: new Map(graph.outputs.map(({ name, type }) => [name, type])) };
    const widths = draft.outputs.map((output) => widthOf(output, known));
    const top = topOutput(draft, widths, (output) => isNamed(draft, output));
    const names = nameOutputs(draft, widths, top);
    const wholes = draft.outputs.flatMap((output, index) => {
      const columns = names[index] ?? [];
      const kept = columns.filter((name) => isWanted(draft, output, name));
      return kept.length === 0 ? [] : [shapeOf(draft, known, { output, columns, kept, width: widths[index] ?? 1 })];
    });
    graph.outputs = [];
    draft.results = [];
    for (const whole of wholes)
      addResults(draft, whole.output === top ? topResults(draft, whole) : results(draft, whole));
    return done(wholes.map(({ output, kept }) => `"${output.rawOutput}" gives ${kept.join(', ')}`).join('; '));
  },
};

function shapeOf(
  draft: Draft,
  { inferred, observed, declared }: KnownShapes,
  columns: Pick<OutputShape, 'output' | 'columns' | 'kept' | 'width'>,
): OutputShape {
  const { rawOutput, tensor } = columns.output;
  const facts = inferred.get(tensor);
  const inFile = declared.get(rawOutput);
  const isOpen = facts === undefined || facts.element === 'undefined';
  const element = isOpen && inFile?.kind === 'tensor' ? inFile.element : (facts?.element ?? 'undefined');
  const shape = facts?.shape ?? (draft.previous ? COLUMN : (observed.get(rawOutput) ?? null));
  return { ...columns, shape, element, type: edgeType(rawOutput, element) };
}

function edgeType(rawOutput: string, element: ElementType): ColumnType {
  const type = OUTPUT_TYPES[element];
  if (type !== undefined) return type;
  throw new PredictableError(
    'UNSUPPORTED_TYPE',
    `output "${rawOutput}" is of type ${element}, which no SQL column type holds`,
    {
      hint: 'Export the model with float, double, int32, int64, bool or text outputs.',
      details: { tensor: rawOutput, type: element },
    },
  );
}

function results(draft: Draft, whole: OutputShape): Result[] {
  const { output, kept, type } = whole;
  return split(draft, whole).map((tensor, at) => ({ tensor, column: resultColumn(output, kept[at] ?? '', type) }));
}

/** The columns of an output with `--top`, which are pairs of class and value. */
function topResults(draft: Draft, whole: OutputShape): Result[] {
  const { output, columns, kept, width, type } = whole;
  const matrix = asMatrix(draft, whole);
  const pairs = Array.from({ length: columns.length / 2 }, (_, at) => ({
    class: columns[at * 2] ?? '',
    value: columns[at * 2 + 1] ?? '',
  }));
  draft.top = { of: plainNames(output, width), columns: pairs };
  return largest(draft, matrix, pairs.length).flatMap((tensor, at) => {
    const name = columns[at] ?? '';
    const column = at % 2 === 0 ? classColumn(draft, name, width) : resultColumn(output, name, type);
    return kept.includes(name) ? [{ tensor, column }] : [];
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

function addResults(draft: Draft, added: Result[]): void {
  const rows = draft.options.batch ?? 'N';
  for (const result of added) {
    draft.results.push(result);
    draft.model.graph.outputs.push({
      name: result.tensor,
      doc: '',
      type: { kind: 'tensor', element: result.column.type, shape: [rows, 1] },
    });
  }
}
