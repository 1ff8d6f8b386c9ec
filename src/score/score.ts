/** Rows in, predictions out: streams a file or table through a normalised model, in constant memory. */

import { mustNotBeInputs } from '../files/inputs.js';
import type { SessionOptions } from '../inference/session.js';
import type { Duckdb } from '../rows/duckdb.js';
import { fileOfSource, openSource, type Source } from '../rows/source.js';
import type { RuntimeVersion } from '../targets/targets.js';
import { mustGoOn, type Watching } from './cancel.js';
import type { ScoreSummary } from './documents.js';
import { chooseKeys, matchColumns } from './here/match-columns.js';
import { type Model, predictRows } from './here/predict-rows.js';
import { withScoringDuckdb } from './here/scoring-duckdb.js';
import { stableSource } from './here/stable-source.js';
import { fileFormat, hasTypes, writeFileOutput } from './write/file.js';
import { previewRows } from './write/preview.js';
import { resultSql } from './write/select.js';
import { openTableTarget, type TableOutput, type TableTarget } from './write/table.js';

/** Opens rows that come from elsewhere than a file, such as a server. */
type OpenRows = (duckdb: Duckdb) => Promise<Source>;

export interface ScoreOptions extends Model, Watching {
  /** A CSV, Parquet or JSON file, `duckdb:FILE#TABLE`, or `table:NAME` in `database`. */
  data: string | OpenRows;
  /** The DuckDB file that `table:NAME` lies in. */
  database?: string | undefined;
  /** Column of the data → input of the model, where their names differ. */
  map?: Record<string, string> | undefined;
  /** Columns of the data that go into the output; by default all that the model does not read. */
  keys?: string[] | undefined;
  /** Without it the predictions are only counted and previewed. */
  output?: { file: string } | TableOutput | undefined;
  runtime?: RuntimeVersion | undefined;
  /** Whether this run made the graph, or it comes from elsewhere and gets a child process with limits. */
  origin: SessionOptions['origin'];
  timeout?: number | undefined;
  memory?: number | undefined;
}

/**
 * Errors: what reading the data throws, COLUMN_MISMATCH, NULL_VALUE, UNKNOWN_CATEGORY, FILE_EXISTS, INFERENCE_FAILED,
 * CANCELLED. After any of them there is no output, and what was there before is as it was.
 */
export async function score(options: ScoreOptions): Promise<ScoreSummary> {
  const started = performance.now();
  const { output, signal } = options;
  if (output !== undefined && 'file' in output) {
    fileFormat(output.file);
    await mustNotBeInputs([output.file], filesOf(options));
  }
  return withScoringDuckdb(signal, options.signature.inputs.length, async (duckdb) => {
    const target = output !== undefined && 'table' in output ? await openTableTarget(duckdb, output) : null;
    try {
      const summary = await scoreInto(duckdb, options, target);
      const seconds = (performance.now() - started) / 1000;
      return { ...summary, seconds, rowsPerSecond: summary.rows / seconds };
    } catch (error) {
      await target?.abandon();
      throw error;
    }
  });
}

async function scoreInto(
  duckdb: Duckdb,
  options: ScoreOptions,
  target: TableTarget | null,
): Promise<Omit<ScoreSummary, 'seconds' | 'rowsPerSecond'>> {
  const { signature, output, onProgress, signal } = options;
  const source = await stableSource(duckdb, await openRows(duckdb, options));
  const file = output !== undefined && 'file' in output ? output.file : null;
  const keysFirst = options.keys === undefined ? null : chooseKeys(source, options.keys);
  const predictions = await predictRows(duckdb, source, options, {
    bindings: matchColumns(source, signature, options.map),
    session: sessionOptions(options),
    onRows: (rows) => onProgress?.({ rows }),
    signal,
  });
  await source.mustBeUnchanged();
  const keys = keysFirst ?? source.columns.map(({ name }) => name).filter((name) => !predictions.read.includes(name));
  const select = (typed: boolean) => resultSql(duckdb, source, signature, predictions, keys, typed);
  const write = async (sql: string) => {
    if (target !== null) await target.write(sql);
    else if (file !== null) await writeFileOutput(duckdb, file, sql);
  };
  const typed = target !== null || (file !== null && hasTypes(file));
  let result = await select(typed);
  try {
    await write(result);
  } catch (error) {
    mustGoOn(signal);
    // The first rows of a CSV misled about a key's type: then it stays text.
    if (source.kind !== 'csv' || !typed || !isConversion(error)) throw error;
    result = await select(false);
    await write(result);
  }
  return {
    rows: predictions.rows,
    unknownCategories: predictions.unknown,
    nulls: predictions.nulls,
    output: output === undefined ? null : 'file' in output ? output.file : `duckdb:${output.database}#${output.table}`,
    preview: await previewRows(duckdb, result),
  };
}

function filesOf({ data, database }: Pick<ScoreOptions, 'data' | 'database'>): string[] {
  const rows = typeof data === 'string' ? [fileOfSource(data)] : [];
  return [...rows, ...(database === undefined ? [] : [database])];
}

export function openRows(duckdb: Duckdb, { data, database }: Pick<ScoreOptions, 'data' | 'database'>): Promise<Source> {
  return typeof data === 'string' ? openSource(duckdb, data, database) : data(duckdb);
}

export function sessionOptions({
  runtime = '1.30.0',
  origin,
  timeout,
  memory,
}: Pick<ScoreOptions, 'runtime' | 'origin' | 'timeout' | 'memory'>): SessionOptions {
  const limits = { ...(timeout === undefined ? {} : { timeout }), ...(memory === undefined ? {} : { memory }) };
  return { runtime, origin, ...limits };
}

function isConversion(error: unknown): boolean {
  return error instanceof Error && /Conversion Error/i.test(error.message);
}
