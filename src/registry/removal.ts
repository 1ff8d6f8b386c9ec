/** Which versions may go. */

import { PredictableError } from '../errors.js';
import { forShell } from '../shell.js';
import type { ModelVersion } from './registry.js';

/** Throws USAGE while an alias points to the version. */
export function mustBeUnused({ name, version, aliases }: ModelVersion): void {
  if (aliases.length === 0) return;
  throw new PredictableError('USAGE', `${name}@${version} is in use: ${aliases.join(', ')} points to it`, {
    hint: `Put the alias on another version first: predictable promote ${forShell(`${name}@VERSION`)} ${forShell(aliases[0] ?? 'ALIAS')}`,
    details: { name, version, aliases },
  });
}

/** All but the newest `keep` and those with an alias. `newestFirst`: the versions of one name. Throws USAGE. */
export function prunable<T extends ModelVersion>(newestFirst: T[], keep: number): T[] {
  if (!Number.isInteger(keep) || keep < 1) {
    throw new PredictableError('USAGE', `cannot keep ${keep} versions`, { hint: 'Keep at least 1.' });
  }
  return newestFirst.slice(keep).filter(({ aliases }) => aliases.length === 0);
}
