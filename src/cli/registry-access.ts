/** Opens the registry that a command names, and closes it when the command is done. */

import type { Registry } from '../registry/registry.js';

export async function withRegistry<T>(
  url: string,
  mode: 'read' | 'write',
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const { openRegistry } = await import('../registry/open.js');
  const registry = await openRegistry(url, { readOnly: mode === 'read' });
  try {
    return await work(registry);
  } finally {
    await registry.close();
  }
}

/** The DuckDB file behind a registry: where `table:NAME` and `--into` look. */
export function fileOf(url: string): string {
  return url.replace(/^duckdb:/, '');
}
