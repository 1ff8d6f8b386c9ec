/** One input of a model as T-SQL: the value that PREDICT gets, and the condition under which a row is refused. */

import { type InputColumn, NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../signature.js';
import { quoteIdentifier, quoteText } from './quote.js';

export interface PredictInput {
  input: InputColumn;
  /** The column of the data, quoted and with its table's alias. */
  column: string;
  value: string;
  /** Conditions and what is said when a row meets them. */
  refusals: { condition: string; message: string }[];
}

/** `column` is the name in the data, `alias` the data's alias in the query. */
export function predictInput(input: InputColumn, columnName: string, alias: string): PredictInput {
  const column = `${alias}.${quoteIdentifier(columnName)}`;
  const missing = {
    condition: `${column} IS NULL`,
    message: `column ${columnName} has NULL, and the model takes none`,
  };
  const refusals = input.nulls === 'error' ? [missing] : [];
  if (input.categories === undefined) {
    return {
      input,
      column,
      value: numberValue(input, column),
      refusals: [...refusals, ...badNumbers(input, columnName, column)],
    };
  }
  const codes = input.categories.map((category, code) => `WHEN ${matches(column, category)} THEN ${code}`);
  const onNull = input.nulls === 'nan' || input.nulls === 'error' ? NULL_CODE : input.nulls;
  const cases = [`WHEN ${column} IS NULL THEN ${onNull}`, ...codes, `ELSE ${UNKNOWN_CODE}`];
  const value = `CAST(CASE ${cases.join(' ')} END AS ${input.sqlType})`;
  if ((input.unknown ?? 'error') === 'error') {
    refusals.push({
      condition: `${column} IS NOT NULL AND ${value} = ${UNKNOWN_CODE}`,
      message: `column ${columnName} has a value that the model does not know`,
    });
  }
  return { input, column, value, refusals };
}

/** PREDICT converts nothing, so the type is exact; COALESCE of two values of one type keeps it. */
function numberValue({ sqlType, nulls }: InputColumn, column: string): string {
  const value = `CAST(${column} AS ${sqlType})`;
  if (nulls === 'error') return value;
  return `COALESCE(${value}, CAST(${numberLiteral(nulls === 'nan' ? NAN_SENTINEL : nulls)} AS ${sqlType}))`;
}

/** What CAST would let through: a fraction cut off, and the number that stands for NaN. */
function badNumbers({ sqlType, nulls }: InputColumn, name: string, column: string): PredictInput['refusals'] {
  if (sqlType === 'int' || sqlType === 'bigint') {
    const condition = `${column} <> CAST(${column} AS ${sqlType})`;
    return [{ condition, message: `column ${name} has a value that is no ${sqlType}` }];
  }
  if (nulls !== 'nan') return [];
  const condition = `CAST(${column} AS ${sqlType}) = CAST(${numberLiteral(NAN_SENTINEL)} AS ${sqlType})`;
  return [{ condition, message: `column ${name} has the number that stands for a missing value` }];
}

/**
 * As Python matches: default collations ignore case, and `=` ignores trailing blanks even under a binary one, unless
 * something stands behind them.
 */
function matches(column: string, category: string): string {
  return `${column} COLLATE Latin1_General_100_BIN2 + N'|' = ${quoteText(`${category}|`)}`;
}

/** Whole numbers as they are, others with an exponent, so that T-SQL takes them for float and not for decimal. */
function numberLiteral(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value).toUpperCase().replace('E+', 'E');
  return text.includes('E') ? text : `${text}E0`;
}
