/** The T-SQL that scores a table with PREDICT: runs as it is, and is the same text for the same model. */

import type { TableShape } from '../server/table.js';
import type { Signature } from '../signature.js';
import type { Dialect } from './dialect.js';
import { fixedHead } from './head.js';
import { checkInto, createInto, type Into, isKnown } from './into.js';
import { fixedVersion } from './model-row.js';
import { planPredict, scoringStatements, tablesFor } from './plan.js';

/*
 * For callers that score on a server:
 *
 *   renderPredict({ name, version, sha256, signature, data, keys, passThrough, map, modelsTable, into, table, exactly, dialect })
 *
 * is one batch without GO. Its rows have the keys, the columns passed through, then the outputs, in that order; the
 * outputs are called outputNames(signature, [...keys, ...passThrough]). With `into` it returns no rows.
 */

export interface PredictOptions {
  name: string;
  version: number;
  /** Of the model's bytes, 64 hexadecimal digits. */
  sha256: string;
  signature: Signature;
  /** The table or view with the rows, as T-SQL writes it. */
  data?: string | undefined;
  /** Columns of it that go into the result; by default the primary key, or id, of a `table` that is given, else none. */
  keys?: readonly string[] | undefined;
  /** Further columns of it that come out as they are, behind the keys. */
  passThrough?: readonly string[] | undefined;
  /** Column of the data → input of the model, where their names differ. */
  map?: Record<string, string> | undefined;
  /** The registry's table on the server, as T-SQL writes it; its other tables are beside it. */
  modelsTable?: string | undefined;
  /** A table that keeps the predictions, as T-SQL writes it; without it they come back as rows. */
  into?: string | undefined;
  /** The data as the server describes it (describeTable): names and types are then held against it. */
  table?: TableShape | null | undefined;
  /** Decimal and money among the keys and passed columns come as text where a driver's double would lose digits. */
  exactly?: boolean | undefined;
  /** By default that of SQL Edge. */
  dialect?: Dialect | undefined;
}

/** Throws USAGE for names that T-SQL cannot have, COLUMN_MISMATCH, UNSUPPORTED_TYPE and TOO_MANY_COLUMNS. */
export function renderPredict(options: PredictOptions): string {
  const row = fixedVersion(options, tablesFor(options));
  const plan = planPredict(options, { modelId: row.id, always: false });
  const { check, create } = intoStatements(plan.into);
  return [...fixedHead(options, plan.bound), '', ...check, ...scoringStatements(options, row, plan, create), ''].join(
    '\n',
  );
}

/** Before the rows are looked at, and when none was refused. */
function intoStatements(into: Into | null): { check: string[]; create: string[] } {
  if (into === null) return { check: [], create: [] };
  const abort = 'SET XACT_ABORT ON;';
  return isKnown(into)
    ? { check: [abort], create: [...createInto(into), ''] }
    : { check: [abort, ...checkInto(into)], create: [] };
}
