/** A registry from its URL; each kind is one folder beside this file, loaded when it is asked for. */

import { PredictableError } from '../errors.js';
import type { OpenServerOptions } from '../server/open.js';
import type { OpenOptions, Registry, ServerRegistry } from './registry.js';

const KINDS = 'A registry is duckdb:FILE, mssql://user@host/database, or the name of a profile.';

/** Throws USAGE for a kind that does not exist. The registry itself is opened by its methods. */
export async function openRegistry(url: string, options: OpenOptions & OpenServerOptions = {}): Promise<Registry> {
  return (await openServerRegistry(url, options)) ?? openFile(url, options);
}

/** The registry when it is on a server, else null. */
export async function openServerRegistry(
  url: string,
  options: OpenOptions & OpenServerOptions = {},
): Promise<ServerRegistry | null> {
  const { isServer, openServer } = await import('../server/open.js');
  if (!isServer(url)) return null;
  const { MssqlRegistry } = await import('./mssql/registry.js');
  return new MssqlRegistry(await openServer(url, options), options.readOnly);
}

async function openFile(url: string, options: OpenOptions): Promise<Registry> {
  const colon = url.indexOf(':');
  const kind = url.slice(0, colon);
  const rest = url.slice(colon + 1);
  if (kind === 'duckdb' && rest !== '') {
    const { DuckdbRegistry } = await import('./duckdb/registry.js');
    return new DuckdbRegistry(url, rest, options);
  }
  // The URL may hold a password: only its kind is repeated.
  throw new PredictableError('USAGE', `the registry ${kind}:… cannot be opened`, { hint: KINDS });
}
