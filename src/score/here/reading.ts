/** What a scoring process is told about the rows: which expressions to read, and what to do with each. Plain data. */

import { duckdbType } from '../../rows/cast.js';
import type { ColumnType, NullPolicy } from '../../signature.js';
import type { DuckdbNumber, InputSql } from './input-sql.js';

export interface Reading {
  /** Statements that must have run before `expressions` can be read. */
  dictionaries: string[];
  /** First one an input, then the flags. */
  expressions: string[];
  inputs: ReadInput[];
  /** Where flags stand among the expressions: rows that are refused for another reason than NULL, and rows whose predictions are void. */
  refused: number | null;
  voided: number | null;
  /** Flags of the rows where a number replaced NULL, by column of the data. */
  replaced: { column: string; at: number }[];
}

export interface ReadInput {
  /** The input's name and type in the model. */
  name: string;
  type: ColumnType;
  nulls: NullPolicy;
  /** The column's name in the data. */
  column: string;
  /** DuckDB's type of the expression. */
  from: DuckdbNumber;
  /** Whether the value is as the data has it, which must be checked and cast. */
  plain: boolean;
  /** Whether NULL is a value that must be refused, rather than a missing one. */
  nullRefused: boolean;
  /** Codes of a category; `countUnknown` where a code for "unknown" may be among them. */
  codes: boolean;
  countUnknown: boolean;
}

export function readingOf(inputs: InputSql[], dictionaries: string[]): Reading {
  const expressions = inputs.map(({ plain, value }) => plain?.value ?? value);
  const add = (conditions: string[]) => {
    if (conditions.length === 0) return null;
    return expressions.push(`CAST((${conditions.join(' OR ')}) AS UTINYINT)`) - 1;
  };
  const computed = inputs.filter(({ plain }) => plain === null);
  // NULL is found in the vectors: for a thousand columns, so long a condition takes seconds to plan.
  const refused = add(computed.flatMap(({ sentinel }) => sentinel ?? []));
  const voided = add(
    inputs
      .filter(({ binding }) => binding.input.unknown === 'null')
      .flatMap(({ unknown }) => (unknown === null ? [] : [unknown])),
  );
  const replaced = computed
    .filter(({ binding }) => typeof binding.input.nulls === 'number')
    .flatMap(({ binding, missing }) => ({ column: binding.column, at: add([missing]) ?? 0 }));
  return { dictionaries, expressions, inputs: inputs.map(readInput), refused, voided, replaced };
}

function readInput({ binding, plain }: InputSql): ReadInput {
  const { input, column } = binding;
  const { name, type, nulls, categories, unknown = 'error' } = input;
  return {
    name,
    type,
    nulls,
    column,
    from: plain?.type ?? duckdbType(type),
    plain: plain !== null,
    nullRefused: plain === null || plain.nullIs === 'refused',
    codes: categories !== undefined,
    countUnknown: categories !== undefined && unknown !== 'error',
  };
}
