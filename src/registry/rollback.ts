/** Where an alias goes back to, read from its history. */

import type { AliasEvent } from './registry.js';

/**
 * The version that the alias pointed to before the one it points to now, or null. Rolling back twice goes two steps
 * back, not to and fro; versions that no longer exist are passed over.
 */
export function rollbackVersion(newestFirst: readonly AliasEvent[], existing: ReadonlySet<number>): number | null {
  const path: number[] = [];
  for (const { action, version } of [...newestFirst].reverse()) {
    if (version === null) continue;
    if (action === 'rollback') path.splice(Math.max(0, path.lastIndexOf(version)));
    path.push(version);
  }
  const current = path.pop();
  return path.findLast((version) => version !== current && existing.has(version)) ?? null;
}
