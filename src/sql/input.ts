/** One input of a model as T-SQL: the value that PREDICT gets, and the conditions under which a row is refused. */

import { quoteIdentifier } from '../server/names.js';
import { type InputColumn, NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../signature.js';
import { type Dictionaries, isLookedUp, joinCategories, markedText, matchedText } from './dictionary.js';

export interface PredictInput {
  input: InputColumn;
  /** Lines of one expression. */
  value: string[];
  /** Lines behind the data in FROM; empty where no dictionary is read. */
  join: string[];
  refusals: Refusal[];
}

/** A condition, and what is said when a row meets it. */
interface Refusal {
  condition: string;
  message: string;
}

/** `columnName` is the name in the data, whose alias is s; `alias` that of the input's own dictionary. */
export function predictInput(
  input: InputColumn,
  columnName: string,
  alias: string,
  dictionaries: Dictionaries,
): PredictInput {
  const column = `s.${quoteIdentifier(columnName)}`;
  const missing = {
    condition: `${column} IS NULL`,
    message: `column ${columnName} has NULL, and the model takes none`,
  };
  const refusals = input.nulls === 'error' ? [missing] : [];
  if (input.categories === undefined) {
    refusals.push(...badNumbers(input, columnName, column));
    return { input, value: [numberValue(input, column)], join: [], refusals };
  }
  const { value, join, isUnknown } = isLookedUp(dictionaries, input.categories)
    ? lookedUpCode(input, column, alias, dictionaries)
    : writtenCode(input, input.categories, column);
  if ((input.unknown ?? 'error') === 'error') {
    const condition = `${column} IS NOT NULL AND ${isUnknown}`;
    refusals.push({ condition, message: `column ${columnName} has a value that the model does not know` });
  }
  return { input, value, join, refusals };
}

interface Code {
  value: string[];
  join: string[];
  /** Of a value that is not NULL. */
  isUnknown: string;
}

function writtenCode(input: InputColumn, categories: string[], column: string): Code {
  const text = matchedText(column);
  const known = categories.map(markedText);
  const value = [
    'CAST(CASE',
    `    WHEN ${column} IS NULL THEN ${nullCode(input)}`,
    ...known.map((category, code) => `    WHEN ${text} = ${category} THEN ${code}`),
    `    ELSE ${UNKNOWN_CODE}`,
    `END AS ${input.sqlType})`,
  ];
  return { value, join: [], isUnknown: known.length === 0 ? '1 = 1' : `${text} NOT IN (${known.join(', ')})` };
}

function lookedUpCode(input: InputColumn, column: string, alias: string, dictionaries: Dictionaries): Code {
  const code = `CASE WHEN ${column} IS NULL THEN ${nullCode(input)} ELSE ISNULL(${alias}.[code], ${UNKNOWN_CODE}) END`;
  return {
    value: [`CAST(${code} AS ${input.sqlType})`],
    join: joinCategories(dictionaries, input, alias, matchedText(column)),
    isUnknown: `${alias}.[code] IS NULL`,
  };
}

function nullCode({ nulls }: InputColumn): number {
  return nulls === 'nan' || nulls === 'error' ? NULL_CODE : nulls;
}

/** PREDICT converts nothing, so the type is exact; COALESCE of two values of one type keeps it. */
function numberValue({ sqlType, nulls }: InputColumn, column: string): string {
  const value = `CAST(${column} AS ${sqlType})`;
  if (nulls === 'error') return value;
  return `COALESCE(${value}, ${nulls === 'nan' ? sentinel(sqlType) : `CAST(${numberLiteral(nulls)} AS ${sqlType})`})`;
}

/** What CAST would let through: a fraction cut off, and the number that stands for NaN. Its own errors say the rest. */
function badNumbers({ sqlType, nulls }: InputColumn, name: string, column: string): Refusal[] {
  if (sqlType === 'int' || sqlType === 'bigint') {
    const condition = `${column} <> CAST(${column} AS ${sqlType})`;
    return [{ condition, message: `column ${name} has a value that is no ${sqlType}` }];
  }
  if (nulls !== 'nan') return [];
  const condition = `CAST(${column} AS ${sqlType}) = ${sentinel(sqlType)}`;
  return [{ condition, message: `column ${name} has the number that stands for a missing value` }];
}

/** By way of real, which has the number exactly, so that a server's reading of many digits does not matter. */
function sentinel(sqlType: InputColumn['sqlType']): string {
  const real = `CAST(${numberLiteral(NAN_SENTINEL)} AS real)`;
  return sqlType === 'real' ? real : `CAST(${real} AS ${sqlType})`;
}

/** Whole numbers as they are, others with an exponent, so that T-SQL takes them for float and not for decimal. */
function numberLiteral(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value).toUpperCase().replace('E+', 'E');
  return text.includes('E') ? text : `${text}E0`;
}
