/** What a server's column can be for a model: a number, a text, or nothing that PREDICT lets through. */

import { declaredType, type TableColumn } from '../server/table.js';
import type { InputColumn } from '../signature.js';

const NUMBERS = new Set([
  ...['tinyint', 'smallint', 'int', 'bigint', 'bit'],
  ...['decimal', 'numeric', 'money', 'smallmoney', 'real', 'float'],
]);
const TEXTS = new Set(['char', 'varchar', 'nchar', 'nvarchar', 'text', 'ntext']);

/** Error 39097 lists the first line; the second are types of the CLR. */
const REFUSED = new Set([
  ...['binary', 'varbinary', 'timestamp', 'datetime2', 'datetimeoffset', 'time', 'text', 'ntext', 'image', 'xml'],
  ...['hierarchyid', 'geometry', 'geography', 'sql_variant'],
]);

/** A text is no number, a number no category, and a date neither. */
export function fits({ categories }: InputColumn, { type }: TableColumn): boolean {
  return (categories === undefined ? NUMBERS : TEXTS).has(type);
}

/** Whether PREDICT refuses data with such a column. */
export function isRefused({ type, length }: TableColumn): boolean {
  return REFUSED.has(type) || length < 0;
}

/** char(n) is as long as n whatever was put in, so that a shorter category is never found in it. */
export function paddingNote({ name, categories = [] }: InputColumn, column: TableColumn): string[] {
  const width = column.type === 'nchar' ? column.length / 2 : column.length;
  const padded = column.type === 'char' || column.type === 'nchar';
  if (!padded || categories.every((category) => category.length === width)) return [];
  return [
    `${column.name} is ${declaredType(column)}: the server fills its values up with blanks, so that shorter categories of ${name} are not found.`,
  ];
}
