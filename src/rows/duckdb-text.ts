/** Names and values as DuckDB's SQL writes them. */

import { PredictableError } from '../errors.js';

/** `od"d` → `"od""d"`. A name with a NUL cannot be written in SQL at all. */
export function identifier(name: string): string {
  if (name.includes('\0')) {
    throw new PredictableError(
      'USAGE',
      `the name ${JSON.stringify(name)} holds a NUL character, which SQL has no way to write`,
      {
        hint: 'Rename the column or table.',
      },
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** `it's` → `'it''s'`. A NUL would end the statement early, so it is spelled out. */
export function text(value: string): string {
  return value
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
}

/** A finite number, exactly: DuckDB reads the shortest form that JavaScript prints. */
export function number(value: number, type: 'FLOAT' | 'DOUBLE' | 'INTEGER' | 'BIGINT'): string {
  return `CAST(${text(String(value))} AS ${type})`;
}
