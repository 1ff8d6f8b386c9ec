/** A registry from its URL; each kind is one folder beside this file, loaded when it is asked for. */

import { PredictableError } from '../errors.js';
import type { OpenOptions, Registry } from './registry.js';

const KINDS = 'The kind of registry there is: duckdb:FILE, e.g. duckdb:predictable.duckdb.';

/** Throws USAGE for a kind that does not exist. The registry itself is opened by its methods. */
export async function openRegistry(url: string, options: OpenOptions = {}): Promise<Registry> {
  const colon = url.indexOf(':');
  const kind = colon < 0 ? '' : url.slice(0, colon);
  const rest = url.slice(colon + 1);
  if (kind === 'duckdb' && rest !== '') {
    const { DuckdbRegistry } = await import('./duckdb/registry.js');
    return new DuckdbRegistry(url, rest, options);
  }
  // The URL may hold a password: only its kind is repeated.
  const what = kind === '' ? 'a registry without a kind' : `the registry ${kind}:…`;
  throw new PredictableError('USAGE', `${what} cannot be opened`, { hint: KINDS });
}
