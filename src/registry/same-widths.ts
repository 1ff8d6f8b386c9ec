/** A later version keeps the wider columns of the one before: which are wide depends on the sample, and callers have bound them. */

import { PredictableError } from '../errors.js';
import type { Signature } from '../signature.js';
import type { ModelVersion, RegisterRequest, Registry } from './registry.js';

/** The version that the next one takes the place of: the one behind the alias, else the newest; null for the first, and for one that is there. */
export async function versionBefore(
  registry: Registry,
  { name, alias, sha256 }: Pick<RegisterRequest, 'name' | 'alias' | 'sha256'>,
): Promise<ModelVersion | null> {
  const versions = await registry.versions(name).catch(noneYet);
  if (versions.some((version) => version.sha256 === sha256)) return null;
  return versions.find(({ aliases }) => alias !== null && aliases.includes(alias)) ?? versions[0] ?? null;
}

/** Columns that are real in the next version and float in the one before. */
export function columnsToWiden(before: Signature, next: Signature): Set<string> {
  const wide = new Set(before.inputs.filter(({ type }) => type === 'double').map(({ name }) => name));
  return new Set(next.inputs.filter(({ name, type }) => type === 'float' && wide.has(name)).map(({ name }) => name));
}

function noneYet(error: unknown): ModelVersion[] {
  if (error instanceof PredictableError && error.code === 'MODEL_NOT_FOUND') return [];
  throw error;
}
