/** Which column of the data feeds which input of the model. */

import { PredictableError } from '../../errors.js';
import { classOf, type ValueClass } from '../../rows/cast.js';
import { findName, missingColumns, nearestNames } from '../../rows/columns.js';
import type { Source } from '../../rows/source.js';
import type { InputColumn, Signature } from '../../signature.js';

export interface Binding {
  input: InputColumn;
  /** The column's name in the data, and what its values are. */
  column: string;
  from: ValueClass;
  /** DuckDB's type of the column. */
  type: string;
}

/** What is known of the data before a row is read. */
export type DataColumns = Pick<Source, 'title' | 'columns'>;

/**
 * Names match exactly, else ignoring case when only one fits; `map` (column → input) goes first.
 * Throws COLUMN_MISMATCH with everything that is missing or of the wrong type, and the names that may have been meant.
 */
export function matchColumns(source: DataColumns, signature: Signature, map: Record<string, string> = {}): Binding[] {
  const names = source.columns.map(({ name }) => name);
  const mapped = readMap(source, signature, map);
  const complaints: string[] = [];
  const suggestions: Record<string, string[]> = {};
  const bindings: Binding[] = [];
  for (const input of signature.inputs) {
    const column = mapped.get(input.name) ?? findName(names, input.name);
    const found = source.columns.find(({ name }) => name === column);
    if (found === undefined) {
      const near = nearestNames(names, input.name);
      suggestions[input.name] = near;
      const meant = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
      complaints.push(`${expectation(input)} is missing${meant}`);
      continue;
    }
    const from = classOf(found.type);
    if (from === null || !fits(input, from)) complaints.push(`${expectation(input)} is ${found.type} in the data`);
    else bindings.push({ input, column: found.name, from, type: found.type });
  }
  if (complaints.length === 0) return bindings;
  const reads = signature.inputs.map(expectation).join(', ');
  throw new PredictableError('COLUMN_MISMATCH', `${source.title} does not fit the model: ${complaints.join('; ')}`, {
    hint: `The model reads ${reads}. The data has ${names.join(', ')}. Use --map column=input for other names.`,
    details: { expected: signature.inputs.map(({ name }) => name), found: names, complaints, suggestions },
  });
}

/** Columns that go into the result, as the data spells them. Throws COLUMN_MISMATCH when one is not there. */
export function chooseKeys({ title, columns }: DataColumns, wanted: string[]): string[] {
  const names = columns.map(({ name }) => name);
  const missing = wanted.filter((name) => findName(names, name) === undefined);
  if (missing.length > 0) throw missingColumns(title, missing, names);
  return [...new Set(wanted.map((name) => findName(names, name) ?? name))];
}

/** input → column of the data. */
function readMap(source: DataColumns, signature: Signature, map: Record<string, string>): Map<string, string> {
  const columns = source.columns.map(({ name }) => name);
  const inputs = signature.inputs.map(({ name }) => name);
  const mapped = new Map<string, string>();
  for (const [column, input] of Object.entries(map)) {
    const from = findName(columns, column);
    const to = findName(inputs, input);
    if (from === undefined) throw badMap(column, input, `${source.title} has no column ${column}`, columns);
    if (to === undefined) throw badMap(column, input, `the model has no input ${input}`, inputs);
    if (mapped.has(to)) throw badMap(column, input, `two columns are mapped to ${to}`, inputs);
    mapped.set(to, from);
  }
  return mapped;
}

function badMap(column: string, input: string, why: string, known: string[]): PredictableError {
  return new PredictableError('COLUMN_MISMATCH', `--map ${column}=${input}: ${why}`, {
    hint: `There is: ${known.join(', ')}.`,
    details: { column, input, known },
  });
}

/** A CSV's field may be either; a text of a typed source is no number, and a number no category. */
function fits(input: InputColumn, from: ValueClass): boolean {
  if (from === 'text') return true;
  return input.categories === undefined ? from !== 'string' : from === 'string';
}

function expectation({ name, sqlType, categories }: InputColumn): string {
  return `${name} (${categories === undefined ? sqlType : 'text'})`;
}
