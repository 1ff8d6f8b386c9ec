/**
 * The folder of one interpreter, which is all that it may write: a call's files are put in, what it wrote is taken out, and
 * nothing is left for the next model. The interpreter stays, so the folder does, and the walls are around the folder.
 */

import { mkdirSync } from 'node:fs';
import { constants, copyFile, link, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { named } from '../files/named.js';
import { removeTemporaryNow, temporaryFolder } from '../files/temporary.js';

/** The files of one call. */
export interface CallFiles {
  /** A folder that is read: the model with what lies beside it, and the sample. */
  given: string;
  /** A folder for what the call writes. */
  work: string;
  /** Folders of the user's own code, which are read where they are. */
  code?: string[] | undefined;
}

/** `in` is read; `kept` is what a Java that stays needs for itself. */
const FOLDERS = ['in', 'out', 'tmp', 'home', 'kept'] as const;
const CLEARED = ['in', 'out', 'tmp', 'home'] as const;

export class RunFolder {
  readonly path: string;
  #calls = 0;

  /** `code`: folders of the user's own code, which its interpreter reads where they are. */
  constructor(readonly code: string[] = []) {
    this.path = temporaryFolder('run');
    for (const name of FOLDERS) mkdirSync(path.join(this.path, name));
  }

  /** Puts the call's files in, under names that no other call of this interpreter had: a framework may remember paths. */
  async put(files: CallFiles): Promise<StagedCall> {
    const call = String(++this.#calls);
    const staged = new StagedCall(files, path.join(this.path, 'in', call), path.join(this.path, 'out', call));
    await named(this.path, async () => {
      await mkdir(staged.output);
      await linkFolder(files.given, staged.input);
    });
    return staged;
  }

  async clear(): Promise<void> {
    for (const name of CLEARED) {
      const folder = path.join(this.path, name);
      for (const entry of await readdir(folder)) await rm(path.join(folder, entry), { recursive: true, force: true });
    }
  }

  remove(): void {
    removeTemporaryNow(this.path);
  }
}

class StagedCall {
  constructor(
    private readonly files: CallFiles,
    readonly input: string,
    readonly output: string,
  ) {}

  /** The request with the paths that the interpreter knows. What is given may lie in the folder of the work. */
  request(request: object): object {
    return renamed(request, [
      [this.files.given, this.input],
      [this.files.work, this.output],
    ]) as object;
  }

  /** What it answers, or how it failed, with the paths that the caller knows. */
  answer(answer: unknown): unknown {
    return renamed(answer, [
      [this.output, this.files.work],
      [this.input, this.files.given],
    ]);
  }

  /** Moves what the call wrote to where the interpreter cannot change it. Plain files only: a link could lead anywhere. */
  async take(): Promise<void> {
    for (const name of await readdir(this.output)) {
      const taken = path.join(this.files.work, name);
      await named(taken, () => move(path.join(this.output, name), taken));
      await removeAllButFiles(taken);
    }
  }
}

/** Every text in `value` with the paths as they are called elsewhere. */
function renamed(value: unknown, names: [string, string][]): unknown {
  if (typeof value === 'string') return names.reduce((text, [from, to]) => text.replaceAll(from, () => to), value);
  if (Array.isArray(value)) return value.map((each) => renamed(each, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, names)]));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isFile()) await linkFile(source, target);
  }
}

/** The interpreter may not write it; another file system, or one without links, takes a copy. */
async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyAcross(from, to);
  }
}

async function copyAcross(from: string, to: string): Promise<void> {
  const info = await lstat(from);
  if (info.isFile()) await copyFile(from, to);
  if (!info.isDirectory()) return;
  await mkdir(to);
  for (const name of await readdir(from)) await copyAcross(path.join(from, name), path.join(to, name));
}

async function removeAllButFiles(taken: string): Promise<void> {
  const info = await lstat(taken).catch(() => undefined);
  if (info === undefined || info.isFile()) return;
  if (!info.isDirectory()) return rm(taken);
  for (const name of await readdir(taken)) await removeAllButFiles(path.join(taken, name));
}
