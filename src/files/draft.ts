/** Drafts: files beside the place that they take when they are complete. They go with this process, or by a later one. */

import { rmSync } from 'node:fs';
import path from 'node:path';
import { type Kind, OWNER, ownerName, removeLeft } from './owner.js';

const DRAFTS: Kind = { names: new RegExp(`^\\.predictable-(${OWNER})-\\d+\\.tmp(?:\\.wal)?$`), folders: false };

const unfinished = new Set<string>();
let count = 0;

/** A name that nothing has yet. It is short, since the file's own may be as long as names can be. */
export function draftBeside(file: string): string {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.predictable-${ownerName()}-${++count}.tmp`);
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  unfinished.add(draft);
  removeLeft(folder, DRAFTS);
  return draft;
}

/** The draft has taken its place, or is gone. */
export function forgetDraft(draft: string): void {
  unfinished.delete(draft);
  if (unfinished.size === 0) process.off('exit', removeUnfinished);
}

function removeUnfinished(): void {
  for (const draft of unfinished) rmSync(draft, { force: true });
}
