/** Which files the user vouches for: by hand, by sha256, or by a trust.lock that is committed and reviewed. */

import { createHash } from 'node:crypto';
import { constants, copyFile, cp, lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { mustNotBeInputs } from '../files/inputs.js';
import { ordinary } from '../files/ordinary.js';
import { sha256OfFile } from '../files/sha256.js';
import { writeWhole } from '../files/write-whole.js';
import { companionsOf } from './companions.js';
import type { Detected } from './detect.js';
import { trustHint } from './trust-hint.js';

export interface TrustOptions {
  /** `--trust`: every file of this command. */
  all?: boolean;
  /** `--trust-sha256`: these files, whatever their name. */
  sha256?: string[];
  /** `--trust-lock`: the files listed in it. */
  lock?: string;
}

const HEADER =
  '# Files that somebody vouches for: loading them may run code. Written by `predictable trust`; review every line.';
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/** The sha256 of a model without its companions: of a folder, that of the list of its files with theirs, as sha256sum would print it, sorted. */
export async function sha256OfModel(model: string): Promise<string> {
  return (await ordinary(model)).isDirectory() ? sha256OfList(model, await filesWithin(model)) : sha256OfFile(model);
}

/** The file itself, or those in a folder and in the folders within. */
async function filesOf(model: string): Promise<string[]> {
  return (await ordinary(model)).isDirectory() ? filesWithin(model) : [model];
}

async function filesWithin(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function sha256OfList(folder: string, files: string[]): Promise<string> {
  const named = files.map((file) => ({ file, name: path.relative(folder, file).split(path.sep).join('/') }));
  named.sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash('sha256');
  for (const { file, name } of named) hash.update(`${await sha256OfFile(file)}  ${name}\n`);
  return hash.digest('hex');
}

/** Writes trust.lock: one `<sha256>  <path>` a line, as sha256sum prints it, sorted by path, paths relative to the lock. */
export async function writeTrustLock(files: string[], lock: string): Promise<{ path: string; sha256: string }[]> {
  await mustNotBeInputs([lock], (await Promise.all(files.map(filesOf))).flat());
  const folder = path.dirname(path.resolve(lock));
  const entries = await Promise.all(
    files.map(async (file) => ({ path: path.relative(folder, path.resolve(file)), sha256: await sha256OfModel(file) })),
  );
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = entries.map(({ path: file, sha256 }) => `${sha256}  ${file.split(path.sep).join('/')}`);
  await writeWhole(lock, `${[HEADER, ...lines].join('\n')}\n`);
  return entries;
}

/** The sha256 sums in a trust.lock. Throws USAGE for a line that is none. */
export async function readTrustLock(lock: string): Promise<Set<string>> {
  await ordinary(lock, 'Check the path given with --trust-lock.');
  const text = await readFile(lock, 'utf8');
  const sums = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const sum = LINE.exec(line)?.[1];
    if (sum === undefined) {
      throw new PredictableError('USAGE', `line ${index + 1} of ${lock} is not a sha256, two blanks and a path`, {
        hint: 'Write it with: predictable trust PATH… -o trust.lock',
      });
    }
    sums.add(sum);
  }
  return sums;
}

/**
 * Takes a copy of the file and its companions into `folder` and decides about that copy, so that what was checked is what is loaded.
 * Throws UNTRUSTED_ARTIFACT when loading may run code and nobody vouches for it.
 */
export async function admit(
  detected: Detected,
  trust: TrustOptions,
  folder: string,
): Promise<{ path: string; sha256: string; trusted: boolean }> {
  const copy = path.join(folder, path.basename(detected.path));
  if (detected.format.recognise.container === 'directory') await copyFolder(detected.path, copy);
  else await copyFile(detected.path, copy, constants.COPYFILE_FICLONE);
  const companions = await companionsOf(detected.path, detected.format);
  for (const name of companions) {
    await copyFile(path.join(path.dirname(detected.path), name), path.join(folder, name), constants.COPYFILE_FICLONE);
  }
  const copies = [copy, ...companions.map((name) => path.join(folder, name))];
  const sha256 = companions.length === 0 ? await sha256OfModel(copy) : await sha256OfList(folder, copies);
  const trusted =
    trust.all === true ||
    (trust.sha256?.some((sum) => sum.toLowerCase() === sha256) ?? false) ||
    (trust.lock !== undefined && (await readTrustLock(trust.lock)).has(sha256));
  const admitted = { path: copy, sha256, trusted };
  mustBeVouchedFor(detected, admitted);
  return admitted;
}

/** Throws UNTRUSTED_ARTIFACT when loading the format may run code and nobody vouches for the file. */
export function mustBeVouchedFor(detected: Detected, { sha256, trusted }: { sha256: string; trusted: boolean }): void {
  if (!trusted && detected.format.loading === 'executes-code') throw untrusted(detected, sha256);
}

/** Plain files only: a link could lead anywhere. */
async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => {
      const info = await lstat(source);
      return info.isFile() || info.isDirectory();
    },
  });
}

function untrusted({ path: file, format, modules }: Detected, sha256: string): PredictableError {
  return new PredictableError(
    'UNTRUSTED_ARTIFACT',
    `${file} is ${format.title}: a pickle, and loading a pickle runs whatever code its author put into it.\nIt was not opened. If you know where it comes from, say so:`,
    {
      hint: trustHint([file], sha256),
      details: { sha256, modules: modules ?? [] },
    },
  );
}
