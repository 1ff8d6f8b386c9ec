/** Opens the registry that a command names, and closes it when the command is done. */

import { PredictableError } from '../../errors.js';
import type { MssqlRegistry } from '../../registry/mssql/registry.js';
import { onServer } from '../../registry/on-server.js';
import type { Registry } from '../../registry/registry.js';

export interface RegistryArguments {
  registry: string;
  passwordStdin?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export async function withRegistry<T>(
  { registry: url, passwordStdin = false, signal }: RegistryArguments,
  mode: 'read' | 'write',
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const [{ openRegistry }, { passwordAsker }] = await Promise.all([
    import('../../registry/open.js'),
    import('./password.js'),
  ]);
  const registry = await openRegistry(url, { readOnly: mode === 'read', ask: passwordAsker(passwordStdin), signal });
  try {
    return await work(registry);
  } finally {
    await registry.close();
  }
}

/** Throws USAGE for a registry that is a file. */
export function mustBeOnServer(registry: Registry): MssqlRegistry {
  const found = onServer(registry);
  if (found !== null) return found;
  throw new PredictableError('USAGE', `${registry.url} is a file; this needs a registry on a server`, {
    hint: 'Name one with --registry mssql://user@host/database.',
  });
}

/** The DuckDB file behind a registry: where `table:NAME` and `--into` look. */
export function fileOf(url: string): string {
  return url.replace(/^duckdb:/, '');
}
