/** Which columns of the data feed the inputs and go into the result: by their names alone, or held against the table itself. */

import { PredictableError } from '../errors.js';
import { type BoundInput, bindInputs, Complaints, columnFinder, mappedColumns } from '../rows/binding.js';
import { parseName, quoteName } from '../server/names.js';
import { declaredType, shortName, type TableColumn, type TableShape } from '../server/table.js';
import type { InputColumn, Signature } from '../signature.js';
import { fits, isRefused, paddingNote } from './column-fit.js';

interface BindOptions {
  signature: Signature;
  data: string;
  keys: readonly string[] | undefined;
  passThrough: readonly string[];
  map: Record<string, string>;
  /** The data as the server describes it; null when no server is at hand. */
  table: TableShape | null;
}

export interface Bound {
  /** The data, quoted, and as people write it. */
  data: string;
  title: string;
  inputs: { input: InputColumn; column: string }[];
  /** The keys, then the columns that are passed through; the types are known where the table is. */
  passed: { name: string; column: TableColumn | null }[];
  /** What should be known about the data. */
  notes: string[];
}

/** Throws USAGE, COLUMN_MISMATCH and UNSUPPORTED_TYPE. */
export function bindColumns(options: BindOptions): Bound {
  return options.table === null ? bindNames(options) : bindTable(options, options.table);
}

/** The primary key; without one, and without a server that knows it, the column id. */
function defaultKeys(table: TableShape | null): readonly string[] {
  return table === null || table.primaryKey.length === 0 ? ['id'] : table.primaryKey;
}

function bindNames({ signature, data, keys = [], passThrough, map }: BindOptions): Bound {
  const mapped = mappedColumns(signature, map, null);
  return {
    data: quoteName(parseName(data)),
    title: data,
    inputs: signature.inputs.map((input) => ({ input, column: mapped.get(input.name) ?? input.name })),
    passed: unique([...keys, ...passThrough]).map((name) => ({ name, column: null })),
    notes: ['Names and types of its columns were not checked: no server was at hand.'],
  };
}

function bindTable({ signature, keys, passThrough, map }: BindOptions, table: TableShape): Bound {
  const data = { title: shortName(table.parts), columns: table.columns };
  const complaints = new Complaints(data, signature);
  const inputs = bindInputs(data, signature, map, misfit, complaints);
  const find = columnFinder(data);
  const passed = unique([...(keys ?? defaultKeys(table)), ...passThrough]).flatMap((name) => {
    const column = find(name);
    if (column !== undefined) return [column];
    complaints.missing(`${keys?.includes(name) === false ? 'column' : 'key'} ${name}`, name);
    return [];
  });
  complaints.mustBeNone(', --keys a,b for other keys');
  return boundTable(table, inputs, passed);
}

/** What is wrong with a column of the server for the input, null when nothing is. */
export function misfit(input: InputColumn, column: TableColumn): string | null {
  return fits(input, column) ? null : `is ${declaredType(column)} there`;
}

/** Inputs and further columns that were found in the table already. Throws UNSUPPORTED_TYPE for what PREDICT cannot pass on. */
export function boundTable(
  table: TableShape,
  inputs: readonly BoundInput<TableColumn>[],
  passed: readonly TableColumn[],
): Bound {
  const title = shortName(table.parts);
  mustBeTaken(title, passed);
  return {
    data: quoteName(table.parts),
    title,
    inputs: inputs.map(({ input, column }) => ({ input, column: column.name })),
    passed: passed.map((column) => ({ name: column.name, column })),
    notes: inputs.flatMap(({ input, column }) => paddingNote(input, column)),
  };
}

/** A column that goes round PREDICT still goes through it: error 39097, and 39093 for (max). */
function mustBeTaken(title: string, passed: readonly TableColumn[]): void {
  const refused = passed.filter(isRefused);
  if (refused.length === 0) return;
  const list = refused.map((column) => `${column.name} is ${declaredType(column)}`).join(', ');
  throw new PredictableError('UNSUPPORTED_TYPE', `PREDICT takes no such column of ${title} as a key: ${list}`, {
    hint: 'Choose others with --keys: int, uniqueidentifier, varchar(n), date, datetime and the like; or cast it in a view, and score the view.',
    details: { columns: refused.map(({ name, type }) => ({ name, type })) },
  });
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
