/** Why rows were refused: run only after a batch had one, over the whole data, so that the answer is complete. */

import { PredictableError } from '../../errors.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier } from '../../rows/duckdb-text.js';
import type { Source } from '../../rows/source.js';
import type { InputSql } from './input-sql.js';

type Kind = 'NULL_VALUE' | 'UNKNOWN_CATEGORY' | 'COLUMN_MISMATCH';

interface Finding {
  kind: Kind;
  column: string;
  rows: number;
  /** Counted from 1. */
  firstRow: number;
  examples: string[];
  sqlType: string;
}

/** How many different values an error shows. */
const EXAMPLES = 5;

/** So many columns are looked through in one pass over the data, and so many of the spoilt ones are explained. */
const TOGETHER = 64;
const EXPLAINED = 16;

const HINTS: Record<Kind, string> = {
  NULL_VALUE: 'Fill the values in or leave those rows out; or convert the model again with --on-null.',
  UNKNOWN_CATEGORY: 'Correct the values; or convert the model again with --on-unknown null or zeros.',
  COLUMN_MISMATCH: 'Correct the values, or map another column with --map column=input.',
};

/** The error for the refused rows: NULL_VALUE, UNKNOWN_CATEGORY or COLUMN_MISMATCH, with each column's count and first row. */
export async function diagnose(duckdb: Duckdb, source: Source, inputs: InputSql[]): Promise<PredictableError> {
  const findings: Finding[] = [];
  const spoilt = inputs.length <= EXPLAINED ? inputs : await withRefused(duckdb, source, inputs);
  for (const input of spoilt.slice(0, EXPLAINED)) findings.push(...(await findingsOf(duckdb, source, input)));
  const [first] = findings;
  if (first === undefined) {
    return new PredictableError('COLUMN_MISMATCH', `${source.title} changed while it was read`, {
      hint: 'Run it again when nothing writes to it.',
    });
  }
  const more = spoilt.length > EXPLAINED ? [`and so in ${spoilt.length - EXPLAINED} columns more`] : [];
  return new PredictableError(first.kind, [...findings.map(describe), ...more].join('; '), {
    hint: HINTS[first.kind],
    details: { columns: findings },
  });
}

/** Of many inputs, those that have a refused row. */
async function withRefused(duckdb: Duckdb, source: Source, inputs: InputSql[]): Promise<InputSql[]> {
  const found: InputSql[] = [];
  for (let start = 0; start < inputs.length; start += TOGETHER) {
    const some = inputs.slice(start, start + TOGETHER);
    const flags = some.map(({ refused }, index) => `bool_or(${refused}) AS f${index}`);
    const [row] = await duckdb.rows(`SELECT ${flags.join(', ')} FROM ${source.relation}`);
    found.push(...some.filter((_, index) => row?.[`f${index}`] === true));
  }
  return found;
}

async function findingsOf(duckdb: Duckdb, source: Source, input: InputSql): Promise<Finding[]> {
  const { binding, refused, missing, unknown } = input;
  const known = unknown === null ? '' : ` AND NOT ${unknown}`;
  const conditions: [Kind, string][] = [
    ['NULL_VALUE', missing],
    ['UNKNOWN_CATEGORY', unknown ?? 'false'],
    ['COLUMN_MISMATCH', `NOT ${missing}${known}`],
  ];
  const facts = conditions.flatMap((_, index) => [
    `count(*) FILTER (refused AND is_${index}) AS rows_${index}`,
    `min(position) FILTER (refused AND is_${index}) AS first_${index}`,
    `list_slice(list_sort(list(DISTINCT shown) FILTER (refused AND is_${index})), 1, ${EXAMPLES}) AS examples_${index}`,
  ]);
  const flags = conditions.map(([, sql], index) => `(${sql}) AS is_${index}`).join(', ');
  const shown = `CAST(${identifier(binding.column)} AS VARCHAR) AS shown`;
  const [row] = await duckdb.rows(
    `SELECT ${facts.join(', ')} FROM (
       SELECT row_number() OVER () AS position, ${refused} AS refused, ${shown}, ${flags}
       FROM ${source.relation})`,
  );
  return conditions.flatMap(([kind], index) => {
    const rows = Number(row?.[`rows_${index}`] ?? 0);
    if (rows === 0) return [];
    const firstRow = Number(row?.[`first_${index}`]);
    const examples = listed(row?.[`examples_${index}`]);
    return [{ kind, column: binding.column, rows, firstRow, examples, sqlType: binding.input.sqlType }];
  });
}

function describe({ kind, column, rows, firstRow, examples, sqlType }: Finding): string {
  const where = `${rows} ${rows === 1 ? 'row' : 'rows'}, first in row ${firstRow}`;
  const shown = examples.map((example) => JSON.stringify(example)).join(', ');
  switch (kind) {
    case 'NULL_VALUE':
      return `column ${column} has no value in ${where}, and the model takes none`;
    case 'UNKNOWN_CATEGORY':
      return `column ${column} has values that the model does not know: ${shown} (${where})`;
    case 'COLUMN_MISMATCH':
      return `column ${column} has values that are no ${sqlType}: ${shown} (${where})`;
  }
}

function listed(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items)) return [];
  return value.items.filter((item) => item !== null).map(String);
}
