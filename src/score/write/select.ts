/** Keys and predictions side by side, as one SELECT. */

import { csvTypes } from '../../rows/csv-types.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier } from '../../rows/duckdb-text.js';
import type { Source } from '../../rows/source.js';
import type { Signature } from '../../signature.js';
import { outputNames } from '../../sql/output-names.js';
import { decoded, type Predictions } from '../here/predict-rows.js';

/** As DuckDB's own CSV reader: so many rows tell the type of a key. */
const TYPE_ROWS = 20_480;

/**
 * The keys, then the outputs with labels as text. `typed`: a CSV's keys get the types that they seem to have, for
 * Parquet and tables; else they stay the text that they are. Both sides come in their own order, which is the same.
 */
export async function resultSql(
  duckdb: Duckdb,
  source: Source,
  signature: Signature,
  { table }: Predictions,
  keys: string[],
  typed: boolean,
): Promise<string> {
  const keyColumns = await selectKeys(duckdb, source, keys, typed);
  const names = outputNames(signature, keys);
  const outputs = signature.outputs.map(
    (output, index) => `${decoded(output, `p.o${index}`)} AS ${identifier(names[index] ?? output.name)}`,
  );
  const from = keys.length === 0 ? `${table} AS p` : `${source.relation} AS s POSITIONAL JOIN ${table} AS p`;
  return `SELECT ${[...keyColumns, ...outputs].join(', ')} FROM ${from}`;
}

async function selectKeys(duckdb: Duckdb, source: Source, keys: string[], typed: boolean): Promise<string[]> {
  const plain = keys.map((key) => `s.${identifier(key)}`);
  if (source.kind !== 'csv' || !typed) return plain;
  const types = await csvTypes(duckdb, `(SELECT * FROM ${source.relation} LIMIT ${TYPE_ROWS})`, keys);
  return keys.map((key, index) => `CAST(${plain[index]} AS ${types[index] ?? 'VARCHAR'}) AS ${identifier(key)}`);
}
