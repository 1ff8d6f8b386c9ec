/** The model's inputs as DuckDB expressions over the data: casts, NULL policy, category codes, and what is refused. */

import { castNumber, duckdbType, missingNumber, realOrMissing } from '../../rows/cast.js';
import type { Duckdb } from '../../rows/duckdb.js';
import { identifier, number, text } from '../../rows/duckdb-text.js';
import { NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../../signature.js';
import type { Binding } from './match-columns.js';

export interface InputSql {
  binding: Binding;
  /** The value that the model gets; NULL where the row is refused. */
  value: string;
  /**
   * The value as the data has it, where casts and policies are left to JavaScript (checked-copy.ts): for 30 doubles that
   * takes a third of the time that DuckDB's TRY_CAST, isnan and IS NULL take. Null where DuckDB must work the value out.
   */
  plain: { value: string; type: DuckdbNumber; nullIs: 'missing' | 'refused' } | null;
  /** Whether `value` is the number that stands for a missing one, in the data itself; null where that cannot be. */
  sentinel: string | null;
  /** Whether the row must be refused. Never NULL. */
  refused: string;
  /** Whether the data has no value here. */
  missing: string;
  /** Whether there is a text that is none of the categories; null for numbers. */
  unknown: string | null;
}

export type DuckdbNumber = ReturnType<typeof duckdbType>;

/** The expressions of the inputs, and the statements that make the dictionaries which they use. */
export function inputSql(duckdb: Duckdb, bindings: Binding[]): { inputs: InputSql[]; dictionaries: string[] } {
  const dictionaries: string[] = [];
  const inputs = bindings.map((binding) => {
    const { categories } = binding.input;
    if (categories === undefined) return numberSql(binding);
    const name = `dictionary_${duckdb.nextName()}`;
    dictionaries.push(createDictionary(name, categories));
    return categorySql(binding, name);
  });
  return { inputs, dictionaries };
}

function numberSql(binding: Binding): InputSql {
  const { input, column, from, type } = binding;
  const name = identifier(column);
  const target = duckdbType(input.type);
  const missing = missingNumber(name, from);
  const cast = type === target ? name : castNumber(name, from, input.type);
  const common = { binding, missing, unknown: null, plain: plainColumn(binding) };
  if (input.nulls === 'error') {
    return { ...common, value: cast, sentinel: null, refused: `(${missing} OR ${cast} IS NULL)` };
  }
  const marked = number(input.nulls === 'nan' ? NAN_SENTINEL : input.nulls, target);
  const value = `CASE WHEN ${missing} THEN ${marked} ELSE ${cast} END`;
  // The sentinel in the data would become NaN in the graph without anyone having said so.
  const reachable = input.nulls === 'nan' && !SMALL.test(type);
  const sentinel = reachable ? `coalesce(${cast} = ${marked}, false)` : null;
  return { ...common, value, sentinel, refused: `(${value} IS NULL${sentinel === null ? '' : ` OR ${sentinel}`})` };
}

/** Types that do not reach as far as the sentinel. */
const SMALL = /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT))$/;

/** Reals for a real input, whatever its policy, and what a CSV says of them; whole numbers of the input's own type that only NULL can spoil. */
function plainColumn({ input, column, from, type }: Binding): InputSql['plain'] {
  const target = duckdbType(input.type);
  const whole = target === 'INTEGER' || target === 'BIGINT';
  const value = identifier(column);
  if (whole) return type === target && input.nulls === 'error' ? { value, type: target, nullIs: 'refused' } : null;
  if (from === 'text') return { value: realOrMissing(value), type: 'DOUBLE', nullIs: 'refused' };
  return from === 'real' ? { value, type: type === 'FLOAT' ? 'FLOAT' : 'DOUBLE', nullIs: 'missing' } : null;
}

function categorySql(binding: Binding, dictionary: string): InputSql {
  const { input, column } = binding;
  const name = identifier(column);
  const type = duckdbType(input.type);
  const missing = `${name} IS NULL`;
  const code = `enum_code(TRY_CAST(CAST(${name} AS VARCHAR) AS ${dictionary}))`;
  const onMissing = input.nulls === 'error' ? 'NULL' : String(input.nulls === 'nan' ? NULL_CODE : input.nulls);
  const onUnknown = (input.unknown ?? 'error') === 'error' ? 'NULL' : String(UNKNOWN_CODE);
  const value = `CASE WHEN ${missing} THEN CAST(${onMissing} AS ${type})
      ELSE coalesce(CAST(${code} AS ${type}), CAST(${onUnknown} AS ${type})) END`;
  const unknown = `(${name} IS NOT NULL AND ${code} IS NULL)`;
  return { binding, missing, unknown, value, plain: null, sentinel: null, refused: `${value} IS NULL` };
}

/**
 * An ENUM matches byte for byte, as Python does, through a hash table: 1,000 categories cost what 3 do. Made from a
 * query, since its list takes plain literals only, which a NUL has no place in.
 */
function createDictionary(name: string, categories: string[]): string {
  return `CREATE TYPE ${name} AS ENUM (SELECT unnest([${categories.map(text).join(', ')}]))`;
}
