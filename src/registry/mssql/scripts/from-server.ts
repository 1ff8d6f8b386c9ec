/** Scripts that depend on what is there: the server is read, and not changed. */

import type { ModelVersion, ServerRegistry } from '../../registry.js';
import { mustBeUnused } from '../../removal.js';
import { versionToRollBackTo } from '../../rollback.js';
import { rollbackScript } from './alias.js';
import { removeScript } from './register.js';
import type { ChangeScript } from './text.js';

/** Throws MODEL_NOT_FOUND when there is no version to go back to. */
export async function rollbackScriptFor(registry: ServerRegistry, name: string, alias: string): Promise<ChangeScript> {
  const current = await registry.resolve({ name, alias });
  const events = (await registry.history(name)).filter((event) => event.alias === alias);
  const to = versionToRollBackTo(current, alias, await registry.versions(name), events);
  return rollbackScript(await registry.place(), { name, alias, from: current.version, to });
}

/** Throws MODEL_NOT_FOUND, and USAGE while an alias points to the version. */
export async function removeScriptFor(registry: ServerRegistry, name: string, version: number): Promise<ChangeScript> {
  const found = await registry.read({ name, version });
  mustBeUnused(found.version);
  return removeScript(await registry.place(), found.version, found.bytes);
}

/** The removals of these versions, one after the other; the undo puts them back in the order in which they went. */
export async function pruneScriptFor(registry: ServerRegistry, versions: ModelVersion[]): Promise<ChangeScript> {
  const scripts: ChangeScript[] = [];
  for (const { name, version } of versions) scripts.push(await removeScriptFor(registry, name, version));
  const joined = (part: keyof ChangeScript) => scripts.map((script) => script[part]).join('GO\n');
  return { apply: joined('apply'), undo: joined('undo') };
}
