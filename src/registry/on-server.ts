/** Telling a registry on a server from one that is a file. */

import type { MssqlRegistry } from './mssql/registry.js';
import type { Registry } from './registry.js';

/** The registry as one on a server, or null for a file. */
export function onServer(registry: Registry): MssqlRegistry | null {
  return 'server' in registry ? (registry as MssqlRegistry) : null;
}
