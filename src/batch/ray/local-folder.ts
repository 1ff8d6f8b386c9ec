/** Where a cluster of this machine keeps its logs, sockets and environments while it runs. */

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isGone, ownerName, REMOVE } from '../../files/owner.js';

const PREFIX = 'predictable-ray-';
/** Paths of sockets end at 107 characters, 103 on macOS, and Ray's own part takes 65 of them. */
const LONGEST = 36;
/** The owner stands in a file of the folder, for the folder's name has no room. */
const OWNER_FILE = 'owner';

/** A new folder in the system's temporary one; what killed runs left is removed. */
export async function newLocalFolder(): Promise<string> {
  const parent = tmpdir().length + PREFIX.length + 6 <= LONGEST || !existsSync('/tmp') ? tmpdir() : '/tmp';
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => removeLeft(path.join(parent, name))));
  const folder = await mkdtemp(path.join(parent, PREFIX));
  await writeFile(path.join(folder, OWNER_FILE), ownerName());
  return folder;
}

/** Tens of thousands of files, so never all of them while everything else waits. */
export async function removeLocalFolder(folder: string): Promise<void> {
  // Ended processes may still be closing their files.
  await rm(folder, REMOVE);
}

/** Never an error of whoever comes by: it may be another user's. */
async function removeLeft(folder: string): Promise<void> {
  try {
    // Without its file it may be one that is being made: nobody here can tell until it is old.
    const owner = await readFile(path.join(folder, OWNER_FILE), 'utf8').catch(() => '');
    if (isGone(owner, await stat(folder))) await removeLocalFolder(folder);
  } catch {
    return;
  }
}
