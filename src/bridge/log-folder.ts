/** The folder of a pool's logs: made when the first is written, and removed with the pool unless the user named it. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileError } from '../errors.js';

const PREFIX = 'predictable-interpreters-';
/** What a killed process left is removed by a later one, but never while somebody may still read it. */
const LEFT_BEHIND = 24 * 3_600_000;

/** Of pools that are not closed; one listener does for all of them, as a run of a zoo may have a dozen. */
const temporary = new Set<LogFolder>();

export class LogFolder {
  readonly #given: string | undefined;
  #path: string | undefined;

  constructor(given: string | undefined) {
    this.#given = given;
  }

  path(): string {
    this.#path ??= this.#given === undefined ? this.#temporary() : existing(this.#given);
    return this.#path;
  }

  remove(): void {
    temporary.delete(this);
    if (temporary.size === 0) process.off('exit', removeAll);
    if (this.#path !== undefined && this.#given === undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }

  #temporary(): string {
    const made = temporaryFolder();
    removeLeftBehind();
    if (temporary.size === 0) process.on('exit', removeAll);
    temporary.add(this);
    return made;
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(path.join(tmpdir(), PREFIX));
  } catch (error) {
    throw fileError(error, tmpdir()) ?? error;
  }
}

function removeAll(): void {
  for (const folder of temporary) folder.remove();
}

function existing(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

function removeLeftBehind(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      if (!name.startsWith(PREFIX)) continue;
      const folder = path.join(tmpdir(), name);
      const written = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - written > LEFT_BEHIND) rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // A folder that may not be listed, or what another user left: not ours to clear up.
  }
}
