/** Where each of several scoring processes finds its share of the rows. */

import path from 'node:path';
import type { Duckdb } from '../../../rows/duckdb.js';
import { text } from '../../../rows/duckdb-text.js';
import { readingFailed, type Source } from '../../../rows/source.js';
import type { Reading } from '../reading.js';

interface Shares {
  /** What each process reads, in order; at least one. */
  relations: string[];
  /** As the relations have it. */
  reading: Reading;
}

/** Fewer rows than this are not worth another process, which loads the model again. */
const ROWS_WORTH_A_PROCESS = 50_000;

/**
 * A Parquet file is read by all processes, row groups of others left out. What only one can read in order, a CSV or
 * a table whose file is open here, is worked out first and written as Parquet: parsing it takes far longer than that.
 */
export async function shareRows(duckdb: Duckdb, source: Source, reading: Reading, processes: number): Promise<Shares> {
  try {
    const direct = source.kind === 'parquet' && !source.columns.some(({ name }) => name.toLowerCase() === ROW_NUMBER);
    if (direct) return { relations: await ranges(duckdb, source.relation, processes), reading };
    return await copied(duckdb, source, reading, processes);
  } catch (error) {
    throw readingFailed(source, error);
  }
}

const ROW_NUMBER = 'file_row_number';

/** DuckDB's own row groups. Each thread holds one in memory, so wide rows get fewer rows in each, in whole vectors. */
const ROW_GROUP = 122_880;
const ROW_GROUP_VALUES = 2 ** 22;
const VECTOR_ROWS = 2048;

function rowGroup(columns: number): number {
  const vectors = Math.max(1, Math.floor(ROW_GROUP_VALUES / columns / VECTOR_ROWS));
  return Math.min(ROW_GROUP, vectors * VECTOR_ROWS);
}

async function copied(duckdb: Duckdb, source: Source, reading: Reading, processes: number): Promise<Shares> {
  const file = path.join(duckdb.scratch, `rows-${duckdb.nextName()}.parquet`);
  const columns = reading.expressions.map((expression, index) => `${expression} AS c${index}`);
  const select = `SELECT ${columns.join(', ')} FROM ${source.relation}`;
  await duckdb.connection.run(`COPY (${select}) TO ${text(file)} (ROW_GROUP_SIZE ${rowGroup(columns.length)})`);
  const expressions = columns.map((_, index) => `c${index}`);
  const relations = await ranges(duckdb, `read_parquet(${text(file)})`, processes);
  return { relations, reading: { ...reading, dictionaries: [], expressions } };
}

/** Equal ranges of a Parquet file's rows. */
async function ranges(duckdb: Duckdb, relation: string, processes: number): Promise<string[]> {
  const [counted] = await duckdb.rows(`SELECT count(*) AS n FROM ${relation}`);
  const rows = Number(counted?.n ?? 0);
  const parts = Math.max(1, Math.min(processes, Math.floor(rows / ROWS_WORTH_A_PROCESS)));
  if (parts === 1) return [relation];
  const numbered = `${relation.slice(0, -1)}, ${ROW_NUMBER} = true)`;
  return Array.from({ length: parts }, (_, part) => {
    const [first, next] = [part, part + 1].map((index) => Math.floor((rows * index) / parts));
    return `${numbered} WHERE ${ROW_NUMBER} >= ${first} AND ${ROW_NUMBER} < ${next}`;
  });
}
