/** Predictions of two sides for the same rows: what changed, by how much, and in which rows most. */

import type { Duckdb } from '../../rows/duckdb.js';
import { identifier } from '../../rows/duckdb-text.js';
import type { OutputDiff, PlainValue } from '../documents.js';
import { plainRow } from '../write/preview.js';
import { changedSql, compareOutput, distanceSql, type OutputPair, type Tolerance } from './outputs.js';

interface Sides {
  /** What stands after FROM; both have a row a row, in the same order. */
  a: string;
  b: string;
  pairs: OutputPair[];
  tolerance: Tolerance;
  /** Columns that say which row it is, of a relation in that order too. */
  shown: { relation: string; columns: string[] };
  /** How many of the rows that differ most are shown; 10 by default. */
  worst?: number | undefined;
}

interface RowComparison {
  /** Rows with another label; of a model without labels, rows with a number that differs by more than the tolerance. */
  changedRows: number;
  outputs: OutputDiff[];
  /** Rows with another label first, then by the largest difference. */
  worst: ShownRow[];
}

interface ShownRow {
  /** Counted from 1. */
  row: number;
  shown: Record<string, PlainValue>;
  a: Record<string, PlainValue>;
  b: Record<string, PlainValue>;
}

const WORST_ROWS = 10;

export async function compareRows(duckdb: Duckdb, sides: Sides): Promise<RowComparison> {
  const { pairs, tolerance } = sides;
  const both = `${sides.a} AS a POSITIONAL JOIN ${sides.b} AS b`;
  const outputs: OutputDiff[] = [];
  for (const pair of pairs) outputs.push(await compareOutput(duckdb, both, pair, tolerance));
  const changedRows = await countChanged(duckdb, both, pairs, tolerance);
  return { changedRows, outputs, worst: await worstRows(duckdb, both, sides) };
}

async function countChanged(duckdb: Duckdb, both: string, pairs: OutputPair[], tolerance: Tolerance): Promise<number> {
  const labels = pairs.filter(({ isLabel }) => isLabel);
  const changed = (labels.length > 0 ? labels : pairs).map((pair) => changedSql(pair, tolerance)).join(' OR ');
  const [row] = await duckdb.rows(`SELECT count(*) FILTER (${changed}) AS changed FROM ${both}`);
  return Number(row?.changed ?? 0);
}

async function worstRows(
  duckdb: Duckdb,
  both: string,
  { pairs, shown, worst = WORST_ROWS }: Sides,
): Promise<ShownRow[]> {
  const exactly: Tolerance = { rtol: 0, atol: 0 };
  const labels = pairs.filter(({ isLabel }) => isLabel).map((pair) => changedSql(pair, exactly));
  const distances = pairs.filter(({ isLabel }) => !isLabel).map(distanceSql);
  const columns = [
    ...shown.columns.map((name, index) => `s.${identifier(name)} AS i${index}`),
    ...pairs.flatMap((pair, index) => [`${pair.a} AS a${index}`, `${pair.b} AS b${index}`]),
    `${labels.length === 0 ? 'false' : labels.join(' OR ')} AS relabelled`,
    `greatest(0, ${distances.length === 0 ? '0' : distances.join(', ')}) AS distance`,
  ];
  const rows = await duckdb.rows(
    `SELECT * FROM (SELECT row_number() OVER () AS position, ${columns.join(', ')}
       FROM ${shown.relation} AS s POSITIONAL JOIN ${both})
     WHERE relabelled OR distance > 0 ORDER BY relabelled DESC, distance DESC, position
     LIMIT ${Math.max(0, Math.trunc(worst))}`,
  );
  return rows.map(plainRow).map((row) => ({
    row: Number(row.position),
    shown: Object.fromEntries(shown.columns.map((name, index) => [name, row[`i${index}`] ?? null])),
    a: Object.fromEntries(pairs.map(({ name }, index) => [name, row[`a${index}`] ?? null])),
    b: Object.fromEntries(pairs.map(({ name }, index) => [name, row[`b${index}`] ?? null])),
  }));
}
