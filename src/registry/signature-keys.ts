/** A signature as a hash, so that a server can compare two without reading them. */

import { createHash } from 'node:crypto';
import type { Signature } from '../signature.js';
import { callerView } from './signature-change.js';

/** What callers of a model notice: equal exactly when signatureChanges finds nothing. */
export function interfaceKey(signature: Signature): string {
  const { inputs, outputs } = callerView(signature);
  return hash([sorted(inputs), sorted(outputs)]);
}

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
  return hash([byName(read), byName(written)]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function sorted(columns: Map<string, string>): [string, string][] {
  return byName([...columns]);
}

function byName<T extends unknown[]>(columns: T[]): T[] {
  return columns.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
