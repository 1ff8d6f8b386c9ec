/** A model with one of each: a missing value, a whole number, a default, a category; a label and a probability. */

import type { TableColumn, TableShape } from '../../src/server/table.js';
import type { Signature } from '../../src/signature.js';
import type { PredictOptions } from '../../src/sql/predict-options.js';
import type { Subject } from './forms.js';

export const signature: Signature = {
  inputs: [
    { name: 'age', type: 'float', sqlType: 'real', nulls: 'nan' },
    { name: 'rooms', type: 'int64', sqlType: 'bigint', nulls: 'error' },
    { name: 'income', type: 'double', sqlType: 'float', nulls: 0.5 },
    { name: 'city', type: 'int64', sqlType: 'bigint', nulls: 'nan', categories: ['Lund', "M'ö"], unknown: 'null' },
  ],
  outputs: [
    { name: 'label', type: 'int64', sqlType: 'bigint', role: 'label', labels: ['no', "y'es"] },
    { name: 'probability', type: 'float', sqlType: 'real', role: 'probability' },
  ],
};

/** More cities and labels than are written into a text. */
export const wide: Signature = {
  inputs: signature.inputs.map((input) =>
    input.categories === undefined ? input : { ...input, categories: many('city'), unknown: 'error' as const },
  ),
  outputs: signature.outputs.map((output) =>
    output.labels === undefined ? output : { ...output, labels: many('label') },
  ),
};

export const churn: PredictOptions = {
  name: 'churn',
  version: 3,
  sha256: 'ab'.repeat(32),
  signature,
  data: 'dbo.people',
  keys: ['id', 'label'],
  map: { years: 'age' },
};

export function column(name: string, type: string, more: Partial<TableColumn> = {}): TableColumn {
  const text = /char$|text$/.test(type);
  return {
    name,
    type,
    length: text ? 40 : 8,
    precision: 0,
    scale: 0,
    nullable: true,
    collation: text ? 'SQL_Latin1_General_CP1_CI_AS' : null,
    identity: false,
    ...more,
  };
}

export const people: TableShape = {
  parts: ['dbo', 'People'],
  kind: 'table',
  columns: [
    column('Id', 'int', { identity: true, nullable: false }),
    column('Label', 'nvarchar'),
    column('years', 'float'),
    column('Rooms', 'smallint'),
    column('income', 'decimal', { precision: 10, scale: 2 }),
    column('city', 'varchar'),
    column('seen', 'datetime2', { scale: 3 }),
  ],
  primaryKey: ['Id'],
};

/** The same from names alone, held against a table, and with more values than are written in. */
export const subject: Subject = {
  plain: churn,
  checked: { ...churn, data: 'people', keys: undefined, map: { YEARS: 'Age' }, table: people },
  wide: { ...churn, signature: wide },
  alias: 'production',
  object: undefined,
  into: 'dbo.predictions',
};

function many(word: string): string[] {
  return Array.from({ length: 49 }, (_, index) => `${word} ${index}`);
}
