/** Opens the registry that a command names, and closes it when the command is done. */

import type { Registry } from '../registry/registry.js';

export async function withRegistry<T>(
  url: string,
  mode: 'read' | 'write',
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const { openRegistry } = await import('../registry/open.js');
  const registry = await openRegistry(process.env.PREDICTABLE_REGISTRY ?? url, { readOnly: mode === 'read' });
  try {
    return await work(registry);
  } finally {
    await registry.close();
  }
}
