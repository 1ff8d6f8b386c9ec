/** One model over all rows of a source, into a table of the engine: one row a row, in the same order. */

import { PredictableError } from '../errors.js';
import type { SessionOptions } from '../inference/session.js';
import { duckdbType } from '../rows/cast.js';
import { text } from '../rows/duckdb-text.js';
import type { Engine } from '../rows/engine.js';
import type { Source } from '../rows/source.js';
import type { OutputColumn, Signature } from '../signature.js';
import { openAppender } from './append.js';
import { readBatches } from './batches.js';
import { infer, openSessions } from './infer.js';
import { inputSql } from './input-sql.js';
import { matchColumns } from './match-columns.js';
import type { PolicyCounts } from './policy-counts.js';

export interface Model {
  bytes: Uint8Array;
  signature: Signature;
}

export interface PredictOptions {
  map?: Record<string, string> | undefined;
  session: SessionOptions;
  onRows?: ((rows: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface Predictions extends PolicyCounts {
  rows: number;
  /** A table with the columns `o0`, `o1` …, one an output. */
  table: string;
  /** Columns of the data that the model reads, in the order of its inputs. */
  read: string[];
}

export async function predictRows(
  engine: Engine,
  source: Source,
  { bytes, signature }: Model,
  options: PredictOptions,
): Promise<Predictions> {
  const bindings = matchColumns(source, signature, options.map);
  const inputs = await inputSql(engine, bindings);
  const counts: PolicyCounts = { nulls: {}, unknown: {} };
  const table = `predictions_${engine.nextName()}`;
  const columns = signature.outputs.map(({ type }, index) => `o${index} ${duckdbType(type)}`);
  await engine.connection.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
  const sessions = await openSessions(bytes, options.session);
  let rows = 0;
  try {
    const appender = await openAppender(engine, table, signature);
    for await (const predicted of infer(sessions, signature, readBatches(engine, source, inputs, counts))) {
      mustGoOn(options.signal);
      appender.append(predicted);
      rows += predicted.rows;
      options.onRows?.(rows);
    }
    appender.close();
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
  return { rows, table, read: bindings.map(({ column }) => column), ...counts };
}

/** The value of an output as the user knows it: a label's text instead of its code. */
export function decoded({ labels }: OutputColumn, column: string): string {
  return labels === undefined ? column : `([${labels.map(text).join(', ')}])[${column} + 1]`;
}

/** Throws CANCELLED once the signal is given. */
export function mustGoOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new PredictableError('CANCELLED', 'scoring was interrupted; nothing was written', {
    hint: 'Run it again to score all rows.',
  });
}
