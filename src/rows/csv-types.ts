/** What pandas would read a CSV's columns as, found from the whole file: a CSV says nothing itself. */

import { castNumber, isOneOf, missingNumber } from './cast.js';
import type { Duckdb } from './duckdb.js';
import { identifier } from './duckdb-text.js';

type CsvType = 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR';

/** `+7` and `007` are text: reading them as numbers would lose what they say, and a code is likelier than a number. */
const PADDED = '[+].*|-?0[0-9].*';

/** The type of each column of a relation whose columns are all VARCHAR; one without any value is DOUBLE, all missing. */
export async function csvTypes(duckdb: Duckdb, relation: string, names: string[]): Promise<CsvType[]> {
  if (names.length === 0) return [];
  const facts = names.map((name, index) => {
    const value = identifier(name);
    const present = `NOT ${missingNumber(value, 'text')}`;
    const padded = `regexp_full_match(${value}, '${PADDED}')`;
    return [
      `bool_and(TRY_CAST(${value} AS DOUBLE) IS NOT NULL AND NOT ${padded}) FILTER (${present}) AS number_${index}`,
      `bool_and(regexp_full_match(${value}, '-?[0-9]+') AND ${castNumber(value, 'text', 'int64')} IS NOT NULL)
         FILTER (${present}) AS whole_${index}`,
      `bool_and(${isOneOf(value, ['True', 'TRUE', 'true', 'False', 'FALSE', 'false'])}) FILTER (${present}) AS truth_${index}`,
    ];
  });
  const [row] = await duckdb.rows(`SELECT ${facts.flat().join(', ')} FROM ${relation}`);
  return names.map((_, index) => {
    if (row?.[`truth_${index}`] === true) return 'BOOLEAN';
    if (row?.[`number_${index}`] === false) return 'VARCHAR';
    return row?.[`whole_${index}`] === true ? 'BIGINT' : 'DOUBLE';
  });
}
