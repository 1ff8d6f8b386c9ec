/** The server scores its own table by a script; the predictions come back as a stream, or stay there. */

import type { ModelVersion } from '../../registry/registry.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { type StreamedTable, streamTable } from '../../rows/streamed-table.js';
import { type ColumnReading, readingOf } from '../../server/column-types.js';
import { quoteName } from '../../server/names.js';
import type { TableColumn } from '../../server/table.js';
import type { OutputColumn } from '../../signature.js';
import { boundTable } from '../../sql/bind.js';
import { DIALECTS } from '../../sql/dialect.js';
import { outputNames } from '../../sql/output-names.js';
import { renderPredict } from '../../sql/predict.js';
import { readingProgress } from '../cancel.js';
import { compareWithServer } from '../compare/with-server.js';
import type { Comparison } from '../documents.js';
import { bindingsOf } from '../here/match-columns.js';
import { withScoringDuckdb } from '../here/scoring-duckdb.js';
import { sessionOptions } from '../score.js';
import type { ScoringModel } from '../scoring-model.js';
import { writeFileOutput } from '../write/file.js';
import { previewRows } from '../write/preview.js';
import type { TableScoreOptions, TableScoreSummary } from './options.js';
import { scriptError } from './script-errors.js';
import {
  arriving,
  type NeededColumns,
  neededColumns,
  openServerTable,
  readColumns,
  relationOf,
  SCORED_THERE,
  type ServerTable,
  typeHere,
} from './table.js';

type Scored = Omit<TableScoreSummary, 'version' | 'engine' | 'seconds' | 'rowsPerSecond'>;

interface Run {
  options: TableScoreOptions;
  version: ModelVersion;
  table: ServerTable;
  needed: NeededColumns;
}

/** `model` is what to compare with, null for no comparison. */
export async function scoreThere(
  options: TableScoreOptions,
  version: ModelVersion,
  model: ScoringModel | null,
): Promise<Scored> {
  const table = await openServerTable(options.registry.server, options.table);
  const needed = neededColumns(table, version.signature, options, SCORED_THERE);
  const run = { options, version, table, needed };
  const { output } = options;
  if (output !== undefined && 'into' in output) return keepThere(run, output.into);
  return withScoringDuckdb(options.signal, version.signature.inputs.length, (duckdb) => bringHere(duckdb, run, model));
}

/** Nothing travels. What the server counted as unknown or missing is not known here. */
async function keepThere(run: Run, into: string): Promise<Scored> {
  const { server } = run.table;
  const text = await script(run, run.needed.keys, { into });
  try {
    const rows = await server.execute(text);
    return { ...NOTHING_COUNTED, rows, output: `table:${into}`, preview: [], leftOut: run.needed.leftOut };
  } catch (error) {
    throw scriptError(server.place, error);
  }
}

async function bringHere(duckdb: Duckdb, run: Run, model: ScoringModel | null): Promise<Scored> {
  const { options, version, needed } = run;
  const { output } = options;
  const keys = needed.keys.map(({ name }) => name);
  const inputs = model === null ? [] : needed.inputs.map(({ column }) => column);
  const columns = [...new Map([...needed.keys, ...inputs].map((column) => [column.name, column])).values()];
  const passed = columns.map(({ name }) => name);
  const streamed = await streamPredictions(duckdb, run, passed, await script(run, columns));
  const { outputs } = version.signature;
  const names = outputNames(version.signature, keys);
  const select = `SELECT * FROM ${relationOf(streamed, [
    ...keys.map((name) => ({ name, index: passed.indexOf(name) })),
    ...outputs.map(({ name }, index) => ({ name: names[index] ?? name, index: passed.length + index })),
  ])}`;
  const comparison = model === null ? null : await compare(duckdb, run, model, streamed, passed);
  const file = output !== undefined && 'file' in output ? output.file : null;
  if (file !== null) await writeFileOutput(duckdb, file, select);
  return {
    ...NOTHING_COUNTED,
    rows: streamed.rows,
    output: file,
    preview: await previewRows(duckdb, select),
    comparison,
    leftOut: needed.leftOut,
  };
}

const NOTHING_COUNTED = { unknownCategories: {}, nulls: {}, comparison: null } as const;

/** `passed`: the columns of the table that come out beside the predictions. */
async function script(
  { options, version, table, needed }: Run,
  passed: readonly TableColumn[],
  { into }: { into?: string } = {},
): Promise<string> {
  const { server } = options.registry;
  const { schema, table: models } = server.address;
  return renderPredict({
    name: version.name,
    version: version.version,
    sha256: version.sha256,
    signature: version.signature,
    bound: boundTable(table.shape, needed.inputs, passed),
    modelsTable: quoteName([schema, models]),
    exactly: into === undefined,
    into,
    dialect: DIALECTS[(await options.registry.facts()).target],
  });
}

async function streamPredictions(duckdb: Duckdb, run: Run, passed: string[], text: string): Promise<StreamedTable> {
  const { table, version, options } = run;
  const columns = readColumns(table, passed);
  const readings = [
    ...passed.map((name) => columns.find((column) => column.name === name)?.reading ?? TEXT),
    ...version.signature.outputs.map(outputReading),
  ];
  try {
    return await streamTable(duckdb, readings, arriving(table.server.stream(text), readings), readingProgress(options));
  } catch (error) {
    throw scriptError(table.server.place, error);
  }
}

/** From the same reading: the raw values that the server read go through the model here. */
async function compare(
  duckdb: Duckdb,
  { options, version, table, needed }: Run,
  model: ScoringModel,
  streamed: StreamedTable,
  passed: string[],
): Promise<Comparison> {
  const at = (name: string) => ({ name, index: passed.indexOf(name) });
  const inputs = needed.inputs.map(({ input, column }) => ({
    input,
    column: { name: column.name, type: typeHere(column) },
  }));
  const columns = [...new Map(inputs.map(({ column }) => [column.name, column])).values()];
  const keys = needed.keys.map(({ name }) => name);
  const server = {
    inputs: {
      kind: 'table' as const,
      title: table.title,
      relation: relationOf(
        streamed,
        columns.map(({ name }) => at(name)),
      ),
      columns,
      view: false,
    },
    outputs: relationOf(
      streamed,
      version.signature.outputs.map((_, index) => ({ name: `o${index}`, index: passed.length + index })),
    ),
    keys: { relation: keys.length === 0 ? streamed.table : relationOf(streamed, keys.map(at)), columns: keys },
  };
  return compareWithServer(duckdb, model, server, version.verification, {
    bindings: bindingsOf(inputs),
    session: sessionOptions({ ...options, ...model }),
    signal: options.signal,
  });
}

const TEXT: ColumnReading = { arrival: 'VARCHAR', type: 'VARCHAR', asText: null, scale: 0 };

function outputReading({ sqlType, labels }: OutputColumn): ColumnReading {
  const reading = labels === undefined ? readingOf({ type: sqlType, precision: 0, scale: 0 }) : TEXT;
  return reading ?? TEXT;
}
