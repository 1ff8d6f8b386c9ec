/** What a procedure has written into it of a model's signature, as a hash: a server compares it without reading it. */

import { sha256Of } from '../files/sha256.js';
import type { Signature } from '../signature.js';

/**
 * What a script that scores has written into it, the values of categories and labels aside: names and types of columns,
 * what happens with NULL and with unknown categories. Versions with the same key can be scored by the same procedure.
 */
export function bindingKey({ inputs, outputs }: Signature): string {
  const read = inputs.map(({ name, sqlType, nulls, categories, unknown }) => [
    name,
    sqlType,
    nulls,
    categories === undefined ? null : (unknown ?? 'error'),
  ]);
  const written = outputs.map(({ name, sqlType, labels }) => [name, sqlType, labels !== undefined]);
  return sha256([byName(read), byName(written)]);
}

/** Of the JSON of plain data. */
export function sha256(value: unknown): string {
  return sha256Of(JSON.stringify(value));
}

/** Rows by their first element: the order of columns does not matter to who names them. */
export function byName<T extends unknown[]>(columns: T[]): T[] {
  return columns.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
