/** Opens the registry that a command names, and closes it when the command is done. */

import { PredictableError } from '../../errors.js';
import type { Registry, ServerRegistry } from '../../registry/registry.js';
import type { Resolved } from '../../score/place.js';

interface RegistryArguments {
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

/** Runs what was resolved while the registry was open, which is closed before where the run does not need it. */
export async function withResolved<T>(
  access: RegistryArguments,
  resolve: (registry: Registry) => Promise<Resolved<T>>,
): Promise<T & { registry: string }> {
  return withRegistry(access, 'read', async (registry) => {
    const resolved = await resolve(registry);
    if (!resolved.needsRegistry) await registry.close();
    return { ...(await resolved.run()), registry: registry.url };
  });
}

/** Throws USAGE for a registry that is a file. */
export function mustBeOnServer(registry: Registry): ServerRegistry {
  const found = registry.onServer();
  if (found !== null) return found;
  throw new PredictableError('USAGE', `${registry.url} is a file; this needs a registry on a server`, {
    hint: 'Name one with --registry mssql://user@host/database.',
  });
}
