/** Predictions that are kept: the table for them, with the model, its version and the time beside each row. */

import { PredictableError } from '../errors.js';
import { parseName, quoteIdentifier, quoteName, quoteText } from '../server/names.js';
import { declaredType } from '../server/table.js';
import type { OutputColumn } from '../signature.js';
import type { Bound } from './bind.js';
import type { Dialect } from './dialect.js';
import { freeName } from './output-names.js';
import { message, throwIf } from './throw.js';

export interface Into {
  /** Quoted. */
  table: string;
  columns: IntoColumn[];
  dialect: Dialect;
}

interface IntoColumn {
  name: string;
  /** null where no server said it. */
  type: string | null;
}

const MOST_COLUMNS = 1024;
/** Of a row; text may go elsewhere, numbers may not. */
const MOST_BYTES = 8060;

/** `outputNames` are those of the result. Throws TOO_MANY_COLUMNS. */
export function planInto(
  table: string,
  passed: Bound['passed'],
  outputs: readonly OutputColumn[],
  outputNames: readonly string[],
  dialect: Dialect,
): Into {
  const taken = new Set([...passed.map(({ name }) => name), ...outputNames].map((name) => name.toLowerCase()));
  const columns: IntoColumn[] = [
    ...passed.map(({ name, column }) => ({ name, type: column === null ? null : keyType(column) })),
    ...outputs.map((output, index) => ({ name: outputNames[index] ?? output.name, type: outputType(output) })),
    ...BOOKKEEPING.map(([name, type]) => ({ name: freeName(name, taken), type })),
  ];
  const bytes = outputs.reduce((sum, output) => sum + bytesOf(output), 0);
  const excess =
    columns.length > MOST_COLUMNS
      ? `${columns.length} columns, and a table holds ${MOST_COLUMNS}`
      : `rows of ${bytes} bytes at least, and a row holds ${MOST_BYTES}`;
  if (columns.length <= MOST_COLUMNS && bytes <= MOST_BYTES) {
    return { table: quoteName(parseName(table)), columns, dialect };
  }
  throw new PredictableError('TOO_MANY_COLUMNS', `${table} would have ${excess}`, {
    hint: 'Convert the model with fewer --outputs, or score into a file: predictable score -o.',
    details: { columns: columns.length, bytes },
  });
}

/** Whether a text can make the table: not where no server told the types of the keys. */
export function isKnown({ columns }: Into): boolean {
  return columns.every(({ type }) => type !== null);
}

/** Makes the table where it is missing. */
export function createInto({ table, columns, dialect }: Into): string[] {
  return [
    `IF OBJECT_ID(${quoteText(table)}) IS NULL`,
    `    CREATE TABLE ${table} (`,
    columns.map(({ name, type }) => `        ${quoteIdentifier(name)} ${type}`).join(',\n'),
    `    )${dialect.heap};`,
  ];
}

/** Says what the table needs where it is missing. */
export function checkInto({ table, columns }: Into): string[] {
  const needed = columns.map(({ name, type }) =>
    type === null ? quoteIdentifier(name) : `${quoteIdentifier(name)} ${type}`,
  );
  const text = `there is no table ${table}; create it with the columns ${needed.join(', ')}`;
  return throwIf(`OBJECT_ID(${quoteText(table)}) IS NULL`, 'noTable', message(text));
}

/** The values of `bookkeeping` go at the end of the list that is selected. */
export function insertInto({ table, columns }: Into): string[] {
  return [`INSERT INTO ${table} (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')})`];
}

/** The values of the columns beside the rows, in their order. */
export function bookkeeping(model: string, version: string): string[] {
  return [quoteText(model), version, 'SYSUTCDATETIME()'];
}

/** Names of models are binary in the registry too. */
const BOOKKEEPING: [name: string, type: string][] = [
  ['model_name', 'nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL'],
  ['model_version', 'int NOT NULL'],
  ['scored_at', 'datetime2(3) NOT NULL'],
];

/** As in the data, but a key may come again with each run, and may be missing. */
function keyType(column: NonNullable<Bound['passed'][number]['column']>): string {
  const collation = column.collation !== null && /^\w+$/.test(column.collation) ? ` COLLATE ${column.collation}` : '';
  return `${declaredType(column)}${collation} NULL`;
}

function bytesOf({ sqlType, labels }: OutputColumn): number {
  if (labels !== undefined) return 0;
  return sqlType === 'real' || sqlType === 'int' ? 4 : 8;
}

/** Labels of later versions may be longer. */
function outputType({ sqlType, labels }: OutputColumn): string {
  return labels === undefined ? `${sqlType} NULL` : 'nvarchar(4000) NULL';
}
