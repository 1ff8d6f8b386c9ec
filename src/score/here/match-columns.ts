/** Which column of the data feeds which input of the model, where this machine reads the data. */

import { type BoundInput, bindInputs, Complaints } from '../../rows/binding.js';
import { classOf, type ValueClass } from '../../rows/cast.js';
import { findName, missingColumns } from '../../rows/columns.js';
import type { Source, SourceColumn } from '../../rows/source.js';
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

/** Throws COLUMN_MISMATCH with everything that is missing or of the wrong type, and the names that may have been meant. */
export function matchColumns(source: DataColumns, signature: Signature, map: Record<string, string> = {}): Binding[] {
  const complaints = new Complaints(source, signature);
  const inputs = bindInputs(source, signature, map, (input, { type }) => misfit(input, type), complaints);
  complaints.mustBeNone();
  return bindingsOf(inputs);
}

/** Of inputs whose columns fit. */
export function bindingsOf(inputs: readonly BoundInput<SourceColumn>[]): Binding[] {
  return inputs.flatMap(({ input, column: { name, type } }) => {
    const from = classOf(type);
    return from === null ? [] : [{ input, column: name, from, type }];
  });
}

/** What is wrong with a column of DuckDB's type for the input, null when nothing is. */
export function misfit(input: InputColumn, type: string): string | null {
  const from = classOf(type);
  return from !== null && fits(input, from) ? null : `is ${type} in the data`;
}

/** Columns that go into the result, as the data spells them. Throws COLUMN_MISMATCH when one is not there. */
export function chooseKeys({ title, columns }: DataColumns, wanted: string[]): string[] {
  const names = columns.map(({ name }) => name);
  const missing = wanted.filter((name) => findName(names, name) === undefined);
  if (missing.length > 0) throw missingColumns(title, missing, names);
  return [...new Set(wanted.map((name) => findName(names, name) ?? name))];
}

/** A CSV's field may be either; a text of a typed source is no number, and a number no category. */
function fits(input: InputColumn, from: ValueClass): boolean {
  if (from === 'text') return true;
  return input.categories === undefined ? from !== 'string' : from === 'string';
}
