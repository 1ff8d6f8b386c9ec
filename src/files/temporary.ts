/**
 * Temporary folders: they go with what they are for, at the latest with this process; what a process left that was killed, a
 * later one removes.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileError } from '../errors.js';
import { type Kind, OWNER, ownerName, REMOVE, removeLeft } from './owner.js';

export const TEMPORARY: Kind = { names: new RegExp(`^predictable-[a-z]+-(${OWNER})-\\w+$`), folders: true };

const held = new Set<string>();

/** A new folder. `kind`: what for, a word. Throws DISK_FULL, PERMISSION_DENIED and the like with the name of `parent`. */
export function temporaryFolder(kind: string, parent = tmpdir()): string {
  let folder: string;
  try {
    folder = mkdtempSync(path.join(parent, `predictable-${kind}-${ownerName()}-`));
  } catch (error) {
    throw fileError(error, parent) ?? error;
  }
  if (held.size === 0) process.on('exit', removeAll);
  held.add(folder);
  removeLeft(parent, TEMPORARY);
  return folder;
}

export async function removeTemporary(folder: string): Promise<void> {
  await rm(folder, REMOVE);
  forget(folder);
}

export function removeTemporaryNow(folder: string): void {
  rmSync(folder, REMOVE);
  forget(folder);
}

function forget(folder: string): void {
  held.delete(folder);
  if (held.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const folder of held) {
    try {
      rmSync(folder, REMOVE);
    } catch {
      // A later run removes it.
    }
  }
}
