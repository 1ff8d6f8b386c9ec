/** Which columns of the data feed the inputs and go into the result: by their names alone, or held against the table itself. */

import { PredictableError } from '../errors.js';
import { findName, nearestNames } from '../rows/columns.js';
import { parseName, quoteName } from '../server/names.js';
import { declaredType, shortName, type TableColumn, type TableShape } from '../server/table.js';
import type { InputColumn, Signature } from '../signature.js';
import { fits, isRefused, paddingNote } from './column-fit.js';

export interface BindOptions {
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
export function defaultKeys(table: TableShape | null): readonly string[] {
  return table === null || table.primaryKey.length === 0 ? ['id'] : table.primaryKey;
}

function bindNames({ signature, data, keys = [], passThrough, map }: BindOptions): Bound {
  const mapped = readMap(signature, map, (column) => column);
  return {
    data: quoteName(parseName(data)),
    title: data,
    inputs: signature.inputs.map((input) => ({ input, column: mapped.get(input.name) ?? input.name })),
    passed: unique([...keys, ...passThrough]).map((name) => ({ name, column: null })),
    notes: ['Names and types of its columns were not checked: no server was at hand.'],
  };
}

function bindTable({ signature, keys, passThrough, map }: BindOptions, table: TableShape): Bound {
  const title = shortName(table.parts);
  const names = table.columns.map(({ name }) => name);
  const find = (wanted: string) => {
    const found = findName(names, wanted);
    return table.columns.find(({ name }) => name === found);
  };
  const mapped = readMap(signature, map, (column, input) => {
    const found = find(column);
    if (found === undefined) throw badMap(column, input, `${title} has no column ${column}`, names);
    return found.name;
  });
  const complaints: string[] = [];
  const suggestions: Record<string, string[]> = {};
  const missing = (what: string, name: string) => {
    const near = nearestNames(names, name);
    suggestions[name] = near;
    complaints.push(`${what} is missing${near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`}`);
  };
  const notes: string[] = [];
  const inputs = signature.inputs.flatMap((input) => {
    const column = find(mapped.get(input.name) ?? input.name);
    if (column === undefined) missing(expectation(input), input.name);
    else if (!fits(input, column)) complaints.push(`${expectation(input)} is ${declaredType(column)} there`);
    else {
      notes.push(...paddingNote(input, column));
      return [{ input, column: column.name }];
    }
    return [];
  });
  const passed = unique([...(keys ?? defaultKeys(table)), ...passThrough]).flatMap((name) => {
    const column = find(name);
    if (column === undefined) missing(`${keys?.includes(name) === false ? 'column' : 'key'} ${name}`, name);
    return column === undefined ? [] : [{ name: column.name, column }];
  });
  if (complaints.length > 0) {
    const reads = signature.inputs.map(expectation).join(', ');
    const hint = `The model reads ${reads}. The data has ${names.join(', ')}. Use --map column=input for other names, --keys a,b for other keys.`;
    throw new PredictableError('COLUMN_MISMATCH', `${title} does not fit the model: ${complaints.join('; ')}`, {
      hint,
      details: { expected: signature.inputs.map(({ name }) => name), found: names, complaints, suggestions },
    });
  }
  mustBeTaken(title, passed);
  return { data: quoteName(table.parts), title, inputs, passed, notes };
}

/** Input → column of the data. `check` gives the column's real name. */
function readMap(
  signature: Signature,
  map: Record<string, string>,
  check: (column: string, input: string) => string,
): Map<string, string> {
  const names = signature.inputs.map(({ name }) => name);
  const mapped = new Map<string, string>();
  for (const [column, wanted] of Object.entries(map)) {
    const input = findName(names, wanted);
    if (input === undefined) throw badMap(column, wanted, `the model has no input ${wanted}`, names);
    if (mapped.has(input)) throw badMap(column, wanted, `two columns are mapped to ${input}`, names);
    mapped.set(input, check(column, input));
  }
  return mapped;
}

function badMap(column: string, input: string, why: string, known: string[]): PredictableError {
  return new PredictableError('COLUMN_MISMATCH', `--map ${column}=${input}: ${why}`, {
    hint: `There is: ${known.join(', ')}.`,
    details: { column, input, known },
  });
}

/** A column that goes round PREDICT still goes through it: error 39097, and 39093 for (max). */
function mustBeTaken(title: string, passed: Bound['passed']): void {
  const refused = passed.flatMap(({ column }) => (column !== null && isRefused(column) ? [column] : []));
  if (refused.length === 0) return;
  const list = refused.map((column) => `${column.name} is ${declaredType(column)}`).join(', ');
  throw new PredictableError('UNSUPPORTED_TYPE', `PREDICT takes no such column of ${title} as a key: ${list}`, {
    hint: 'Choose others with --keys: int, uniqueidentifier, varchar(n), date, datetime and the like; or cast it in a view, and score the view.',
    details: { columns: refused.map(({ name, type }) => ({ name, type })) },
  });
}

function expectation({ name, sqlType, categories }: InputColumn): string {
  return `${name} (${categories === undefined ? sqlType : 'text'})`;
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
