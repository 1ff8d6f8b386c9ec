/** Where an alias goes back to, read from its history. */

import { PredictableError } from '../errors.js';
import { forShell } from '../shell.js';
import type { AliasEvent, ModelVersion } from './registry.js';

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

/** The same among the versions of a name; MODEL_NOT_FOUND when there is none to go back to. */
export function versionToRollBackTo(
  current: ModelVersion,
  alias: string,
  versions: readonly ModelVersion[],
  events: readonly AliasEvent[],
): number {
  const { name } = current;
  const version = rollbackVersion(events, new Set(versions.map((each) => each.version)));
  if (version !== null) return version;
  throw new PredictableError('MODEL_NOT_FOUND', `${name}@${alias} has no earlier version to go back to`, {
    hint: `It points to version ${current.version}. Choose one: predictable promote ${forShell(`${name}@VERSION`)} ${forShell(alias)}`,
  });
}
