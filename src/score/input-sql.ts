/**
 * The model's inputs as DuckDB expressions over the data: casts, NULL policy and category codes. An expression is NULL
 * exactly where the row must be refused, so that one flag says whether a batch may go to the model.
 */

import { castNumber, duckdbType, missingNumber } from '../rows/cast.js';
import { identifier, number, text } from '../rows/duckdb-text.js';
import type { Engine } from '../rows/engine.js';
import { NAN_SENTINEL, NULL_CODE, UNKNOWN_CODE } from '../signature.js';
import type { Binding } from './match-columns.js';

export interface InputSql {
  binding: Binding;
  /** The value that the model gets, or NULL. */
  value: string;
  /** Whether the data has no value here. */
  missing: string;
  /** Whether there is a text that is none of the categories; null for numbers. */
  unknown: string | null;
}

/** Makes the dictionaries of the category columns, and the expressions that use them. */
export async function inputSql(engine: Engine, bindings: Binding[]): Promise<InputSql[]> {
  const inputs: InputSql[] = [];
  for (const binding of bindings) {
    const { categories } = binding.input;
    if (categories === undefined) inputs.push(numberSql(binding));
    else inputs.push(categorySql(binding, await createDictionary(engine, categories)));
  }
  return inputs;
}

function numberSql(binding: Binding): InputSql {
  const { input, column, from } = binding;
  const name = identifier(column);
  const missing = missingNumber(name, from);
  const cast = castNumber(name, from, input.type);
  const refusing = { binding, missing, unknown: null, value: `CASE WHEN NOT ${missing} THEN ${cast} END` };
  if (input.nulls === 'error') return refusing;
  const marked = number(input.nulls === 'nan' ? NAN_SENTINEL : input.nulls, duckdbType(input.type));
  // The sentinel in the data would become NaN in the graph without anyone having said so.
  const value = input.nulls === 'nan' ? `nullif(${cast}, ${marked})` : cast;
  return { ...refusing, value: `CASE WHEN ${missing} THEN ${marked} ELSE ${value} END` };
}

function categorySql(binding: Binding, dictionary: string): InputSql {
  const { input, column } = binding;
  const name = identifier(column);
  const type = duckdbType(input.type);
  const missing = `${name} IS NULL`;
  const code = `enum_code(TRY_CAST(CAST(${name} AS VARCHAR) AS ${dictionary}))`;
  const onMissing = input.nulls === 'error' ? 'NULL' : String(input.nulls === 'nan' ? NULL_CODE : input.nulls);
  const onUnknown = (input.unknown ?? 'error') === 'error' ? 'NULL' : String(UNKNOWN_CODE);
  return {
    binding,
    missing,
    unknown: `(${name} IS NOT NULL AND ${code} IS NULL)`,
    value: `CASE WHEN ${missing} THEN CAST(${onMissing} AS ${type})
      ELSE coalesce(CAST(${code} AS ${type}), CAST(${onUnknown} AS ${type})) END`,
  };
}

/** An ENUM matches byte for byte, as Python does, through a hash table: 1,000 categories cost what 3 do. */
async function createDictionary(engine: Engine, categories: string[]): Promise<string> {
  const name = `dictionary_${engine.nextName()}`;
  await engine.connection.run(`CREATE TYPE ${name} AS ENUM (${categories.map(text).join(', ')})`);
  return name;
}
