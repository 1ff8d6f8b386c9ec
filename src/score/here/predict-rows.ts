/** One model over all rows of a source, into files of predictions: one row a row, in the same order. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { loadModel } from '../../graph/codec/loaded-model.js';
import { withOpenBatch } from '../../graph/open-batch.js';
import type { SessionOptions } from '../../inference/session.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { text } from '../../rows/duckdb-text.js';
import { readingFailed, type Source } from '../../rows/source.js';
import { ensureRuntime } from '../../runtimes/ensure.js';
import type { OutputColumn, Signature } from '../../signature.js';
import { mustGoOn } from '../cancel.js';
import { inputSql } from './input-sql.js';
import type { Binding } from './match-columns.js';
import { type PolicyCounts, sumCounts } from './process/policy-counts.js';
import { scoreParts } from './process/processes.js';
import { shareRows } from './process/shares.js';
import { readingOf } from './reading.js';
import { diagnose } from './refused-rows.js';

export interface Model {
  bytes: Uint8Array;
  signature: Signature;
  /** Known to take any number of rows; else the bytes are looked at, and opened when they take one row only. */
  rowsOpen?: boolean | undefined;
}

export interface PredictOptions {
  /** Which columns of the source feed the inputs. */
  bindings: Binding[];
  session: SessionOptions;
  onRows?: ((rows: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface Predictions extends PolicyCounts {
  rows: number;
  /** What stands after FROM; it has the columns `o0`, `o1` …, one an output. */
  table: string;
  /** Columns of the data that the model reads, in the order of its inputs. */
  read: string[];
}

export async function predictRows(
  duckdb: Duckdb,
  source: Source,
  model: Model,
  options: PredictOptions,
): Promise<Predictions> {
  const { bindings, session, signal } = options;
  const { signature } = model;
  const bytes = model.rowsOpen === true ? model.bytes : withOpenBatch(loadModel(model.bytes));
  const { inputs, dictionaries } = inputSql(duckdb, bindings);
  for (const dictionary of dictionaries) await duckdb.connection.run(dictionary);
  // A foreign graph gets one process: its limits are for all of it.
  const processes = session.origin === 'made' ? availableParallelism() : 1;
  const { relations, reading } = await shareRows(duckdb, source, readingOf(inputs, dictionaries), processes);
  const run = duckdb.nextName();
  const parts = relations.map((relation, index) => {
    const output = path.join(duckdb.scratch, `predictions-${run}-${index}.parquet`);
    return { bytes, signature, session, reading, relation, output };
  });
  let rows = 0;
  const onRows = (more: number) => {
    rows += more;
    options.onRows?.(rows);
  };
  // Once, and not by each of the processes.
  if (session.runtime !== '1.5.2') await ensureRuntime(session.runtime, { signal });
  mustGoOn(signal);
  const results = await scoreParts(parts, onRows, signal);
  mustGoOn(signal);
  const counts: PolicyCounts[] = [];
  for (const result of results) {
    if ('refused' in result) throw await diagnose(duckdb, source, inputs);
    if ('unreadable' in result) throw readingFailed(source, new Error(result.unreadable));
    if ('counts' in result) counts.push(result.counts);
  }
  const table = `read_parquet([${parts.map(({ output }) => text(output)).join(', ')}])`;
  return { rows, table, read: bindings.map(({ column }) => column), ...sumCounts(counts) };
}

/** The value of an output as the user knows it: a label's text instead of its code. */
export function decoded({ labels }: OutputColumn, column: string): string {
  return labels === undefined ? column : `([${labels.map(text).join(', ')}])[${column} + 1]`;
}
