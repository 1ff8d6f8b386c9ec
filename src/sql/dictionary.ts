/**
 * Categories and labels by their codes: written into the text up to a few dozen, else through the registry's table of
 * dictionaries, by the same model id as the model itself.
 */

import { PredictableError } from '../errors.js';
import { quoteText } from '../server/names.js';
import type { InputColumn, OutputColumn, Signature } from '../signature.js';
import { message, throwIf } from './throw.js';

export interface Dictionaries {
  /** The registry's table, quoted. */
  table: string;
  /** The row of the model, as an expression. */
  modelId: string;
  /** Whether every value goes through the table: where the version is known only when the text runs. */
  always: boolean;
}

/** Above that, a CASE is slower than a join, and nobody reads it. */
export const MOST_WRITTEN = 48;

/**
 * With its mark a value must stay within nvarchar(4000), and a longer one of the data must not be cut down to it, mark
 * included: so columns are cast to 3,999 characters, and known values are shorter than that.
 */
export const LONGEST_MATCHED = 3998;

export function isLookedUp({ always }: Dictionaries, values: readonly string[]): boolean {
  return always || values.length > MOST_WRITTEN;
}

/**
 * As Python matches: default collations ignore case, and `=` ignores trailing blanks even under a binary one, unless
 * something stands behind them. Without the CAST, COLLATE would first take the text of a varchar column to code page
 * 1252, where ş becomes s.
 */
export function matchedText(column: string): string {
  return `CAST(${column} AS nvarchar(${LONGEST_MATCHED + 1})) COLLATE Latin1_General_100_BIN2 + N'|'`;
}

/** A known value as `matchedText` compares it. */
export function markedText(value: string): string {
  return quoteText(`${value}|`);
}

/** Codes of an input's categories as `alias`: one row at most for each row of the data, and none is lost. */
export function joinCategories(dictionaries: Dictionaries, { name }: InputColumn, alias: string, text: string) {
  return [
    'LEFT JOIN (',
    "    SELECT [value] + N'|' AS [value], MIN([code]) AS [code]",
    `    FROM ${dictionaries.table}`,
    `    WHERE ${entriesOf(dictionaries, 'input', name)}`,
    "    GROUP BY [value] + N'|'",
    `) AS ${alias} ON ${alias}.[value] = ${text}`,
  ];
}

/** The label of a code. A subquery, so that FROM holds PREDICT alone, as it is documented. */
export function labelValue(dictionaries: Dictionaries, { name, labels = [] }: OutputColumn, code: string): string {
  if (isLookedUp(dictionaries, labels)) {
    const where = entriesOf(dictionaries, 'output', name, 'l.');
    return `(SELECT l.[value] FROM ${dictionaries.table} AS l WHERE ${where} AND l.[code] = ${code})`;
  }
  const cases = labels.map((label, index) => `WHEN ${index} THEN ${quoteText(label)}`);
  return cases.length === 0 ? 'CAST(NULL AS nvarchar(1))' : `CASE ${code} ${cases.join(' ')} END`;
}

/** Without its dictionary every value would be unknown, and some models score that. */
export function checkDictionaries(dictionaries: Dictionaries, signature: Signature): string[] {
  const used = [
    ...signature.inputs.map(({ name, categories = [] }) => ({ kind: 'input' as const, name, values: categories })),
    ...signature.outputs.map(({ name, labels = [] }) => ({ kind: 'output' as const, name, values: labels })),
  ].filter(({ values }) => values.length > 0 && isLookedUp(dictionaries, values));
  return used.flatMap(({ kind, name, values }) => {
    const from = `FROM ${dictionaries.table} WHERE ${entriesOf(dictionaries, kind, name)}`;
    const condition = dictionaries.always
      ? `NOT EXISTS (SELECT 1 ${from})`
      : `(SELECT COUNT(*) ${from}) <> ${values.length}`;
    return throwIf(condition, 'changed', message(`the dictionary of ${name} is not whole in ${dictionaries.table}`));
  });
}

/** Throws UNSUPPORTED_TYPE for a value that no comparison could tell from a longer one. */
export function mustBeMatchable({ inputs, outputs }: Signature): void {
  const long = [
    ...inputs.map(({ name, categories = [] }) => ({ name, values: categories })),
    ...outputs.map(({ name, labels = [] }) => ({ name, values: labels })),
  ].find(({ values }) => values.some((value) => value.length > LONGEST_MATCHED));
  if (long === undefined) return;
  throw new PredictableError(
    'UNSUPPORTED_TYPE',
    `${long.name} has a value of more than ${LONGEST_MATCHED} characters, which T-SQL cannot match`,
    { hint: 'Shorten the text before training, or score the model locally: predictable score.' },
  );
}

/** The column of names is binary, as the registry makes it, so that the key of the table finds the rows. */
function entriesOf({ modelId }: Dictionaries, kind: 'input' | 'output', column: string, prefix = ''): string {
  return `${prefix}[model_id] = ${modelId} AND ${prefix}[kind] = '${kind}' AND ${prefix}[column_name] = ${quoteText(column)}`;
}
