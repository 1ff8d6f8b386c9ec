/** Model files among those that a user names: folders are searched, by names that converters declare; nothing is executed. */

import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConverterManifest } from '../converters/manifest.js';
import { asPredictableError, PredictableError } from '../errors.js';
import { together } from '../files/at-once.js';
import { ordinary } from '../files/ordinary.js';
import { detect, isModelFolder } from './detect.js';

/** `model.sample.json` and `model.reference.json` lie beside a model. */
const SIDECAR = /\.(sample|reference)\.[^.]+$/i;

export interface FoundModels {
  /** Files, and folders that are a model, sorted. */
  models: string[];
  /** Folders that could not be looked into, sorted, with the reason. */
  unreadable: { path: string; error: PredictableError }[];
}

interface SearchOptions {
  /** Folders with these members are models too. */
  alsoModel?: ((members: ReadonlySet<string>) => boolean) | undefined;
  /** Folders with these members are not looked into, unless it is the first. */
  leaveOut?: ((members: ReadonlySet<string>) => boolean) | undefined;
}

/** Files as they are named; folders are searched for names that a converter declares. Sidecars are no models. */
export async function findModels(paths: string[], manifests: ConverterManifest[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of paths) {
    const info = await ordinary(entry);
    if (!info.isDirectory()) {
      found.push(entry);
      continue;
    }
    const { models, unreadable } = await searchFolder(entry, manifests);
    for (const { error } of unreadable) throw error;
    if (models.length === 0) throw noModels(entry, manifests);
    found.push(...models);
  }
  return found;
}

/**
 * The models in a folder, and in those within. A folder that is a model is not searched, and neither is what is hidden.
 * Links to files are followed, as tools that keep versions of data make them; links to folders are not: they may lead back.
 */
export async function searchFolder(
  folder: string,
  manifests: ConverterManifest[],
  { alsoModel, leaveOut }: SearchOptions = {},
): Promise<FoundModels> {
  const isNamed = namedLikeModel(manifests);
  const models: string[] = [];
  const unreadable: FoundModels['unreadable'] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const within = next;
    const entries = await readdir(within, { withFileTypes: true }).catch((thrown: unknown) => {
      unreadable.push({ path: within, error: cannotLook(within, thrown) });
      return [];
    });
    const members = new Set(entries.map(({ name }) => name));
    if (alsoModel?.(members) || isModelFolder([...members], manifests)) {
      models.push(within);
      continue;
    }
    if (within !== folder && leaveOut?.(members)) continue;
    const shown = entries.filter(({ name }) => !isHidden(name));
    folders.push(...shown.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(within, name)));
    const named = shown.filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && isNamed(entry.name));
    const taken = await together(named, (entry) => isModelFile(within, entry, manifests));
    models.push(...named.filter((_, index) => taken[index]).map(({ name }) => path.join(within, name)));
  }
  return { models: models.sort(), unreadable: unreadable.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** A folder in which no model was found. */
export function noModels(folder: string, manifests: ConverterManifest[]): PredictableError {
  return new PredictableError('FILE_NOT_FOUND', `there is no model file in ${folder}`, {
    hint: `Looked for ${[...extensionsOf(manifests)].sort().join(', ')}.`,
  });
}

/** Editors and desktops keep copies there (`.ipynb_checkpoints`, `._model.pkl`), and tools whole environments. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}

function extensionsOf(manifests: ConverterManifest[]): Set<string> {
  return new Set(manifests.flatMap(({ formats }) => formats.flatMap((format) => format.extensions)));
}

/** Whether a file is named as a converter's format is, and is no sidecar. */
export function namedLikeModel(manifests: ConverterManifest[]): (name: string) => boolean {
  const extensions = extensionsOf(manifests);
  return (name) => extensions.has(path.extname(name).toLowerCase()) && !SIDECAR.test(name);
}

async function isModelFile(folder: string, entry: Dirent, manifests: ConverterManifest[]): Promise<boolean> {
  const file = path.join(folder, entry.name);
  if (entry.isSymbolicLink()) {
    const info = await stat(file).catch(() => null);
    if (info?.isFile() !== true) return false;
  }
  return mayBeModel(file, manifests);
}

/** A folder's notes and settings have names like models kept as text (.txt, .json): there the content decides. */
export async function mayBeModel(file: string, manifests: ConverterManifest[]): Promise<boolean> {
  const extension = path.extname(file).toLowerCase();
  const formats = manifests
    .flatMap((manifest) => manifest.formats)
    .filter((format) => format.extensions.includes(extension));
  if (!formats.every(({ recognise }) => recognise.container === 'text')) return true;
  return detect(file, manifests).then(
    () => true,
    (error: unknown) => !(error instanceof PredictableError && error.code === 'CORRUPT_MODEL'),
  );
}

function cannotLook(folder: string, cause: unknown): PredictableError {
  const { code, hint } = asPredictableError(cause);
  return new PredictableError(code, `${folder} cannot be looked into: ${messageOf(cause)}`, { hint, cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
