/** What decides a model's result: when none of it has changed, neither has the result. */

import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ConverterManifest } from '../converters/manifest.js';
import { isNamed } from '../detect/companions.js';
import { packageVersion } from '../paths.js';
import type { Frame } from '../rows/frame.js';
import type { ModelOptions, ZooModel } from './zoo/zoo.js';

/** Settings of the whole run that a result depends on. */
export interface Settings {
  keepUnverified: boolean;
  /** The user's own packages, and the interpreter that environments are built with. */
  wheels?: string[] | undefined;
  requirements?: string | undefined;
  python?: string | undefined;
}

/** How long it may take and how much it may hold says nothing about the result. */
const WITHOUT_EFFECT = new Set<string>(['timeout', 'memory', 'evidence', 'scratch', 'sample']);

const CHUNK = 2 ** 20;

/**
 * Keys of models, in hexadecimal: sha256 over the artefact, what lies beside it and belongs to it, the sample, the
 * options, the settings and the tool's version. The converter's lock is not in it (see `lockKeys`).
 */
export function contentKeys(manifests: ConverterManifest[], settings: Settings): (model: ZooModel) => string {
  const companions = manifests.flatMap(({ formats }) => formats.flatMap((format) => format.companions ?? []));
  const listings = new Map<string, string[]>();
  const common = sha256((hash) => {
    hash.update(JSON.stringify([1, packageVersion(), settings.keepUnverified, settings.python ?? null]));
    addFiles(hash, 'wheels', settings.wheels ?? []);
    addFiles(hash, 'requirements', settings.requirements === undefined ? [] : [settings.requirements]);
  });
  return ({ name, path: file, options, readFrom }) =>
    sha256((hash) => {
      hash.update(`${common} ${name}\n${optionsText(options)}\n`);
      addPath(hash, file);
      addFiles(hash, 'beside', besides(file, companions, listings));
      addFiles(hash, 'options', readFrom);
      addFiles(hash, 'factory', factoryFiles(file, options));
      addFiles(hash, 'sample', typeof options.sample === 'string' ? [options.sample] : []);
      if (typeof options.sample === 'object') addFrame(hash, options.sample);
    });
}

/** By converter: sha256 over the locks of all its environments, and of the converters that its roads lead to. */
export function lockKeys(manifests: ConverterManifest[]): (converter: string) => string {
  const known = new Map<string, string>();
  const keyOf = (id: string): string => {
    const manifest = manifests.find((each) => each.id === id);
    if (manifest === undefined) return '';
    return sha256((hash) => {
      addPath(hash, path.join(manifest.folder, 'converter.json'));
      for (const { lock } of manifest.environments) addPath(hash, path.join(manifest.folder, lock));
      for (const road of manifest.roads ?? []) if (road.converter !== undefined) hash.update(keyOf(road.converter));
    });
  };
  return (converter) => {
    const key = known.get(converter) ?? keyOf(converter);
    known.set(converter, key);
    return key;
  };
}

/** The sha256 of a file, in hexadecimal; undefined when there is none. Synchronous: a thousand small files are read faster so. */
export function sha256OfFileNow(file: string): string | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return sha256((hash) => addFile(hash, file));
}

/** Sidecars and companions: files of the same stem that conversions look for by themselves. */
function besides(file: string, companions: string[], listings: Map<string, string[]>): string[] {
  const { dir, name: stem } = path.parse(file);
  let names = listings.get(dir);
  if (names === undefined) {
    names = readdirSync(dir).sort();
    listings.set(dir, names);
  }
  const endings = ['.sample.*', '.reference.*', ...companions];
  return names
    .filter((name) => name.startsWith(`${stem}.`) && name !== path.basename(file))
    .filter((name) => endings.some((ending) => isNamed(name.slice(stem.length), ending)))
    .map((name) => path.join(dir, name));
}

/** Where the user's own module may lie: in the working folder, or beside the model. */
function factoryFiles(file: string, { factory }: ModelOptions): string[] {
  const module = factory?.split(':')[0]?.replace(/\.py$/, '').split('.').join('/');
  if (module === undefined) return [];
  return [process.cwd(), path.dirname(file)].map((folder) => path.join(folder, `${module}.py`));
}

function optionsText(options: ModelOptions): string {
  const told = Object.entries(options).filter(([key, value]) => value !== undefined && !WITHOUT_EFFECT.has(key));
  return JSON.stringify(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(fill: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  fill(hash);
  return hash.digest('hex');
}

function addFiles(hash: Hash, as: string, files: string[]): void {
  for (const file of files) {
    hash.update(`${as} ${path.basename(file)}\n`);
    addPath(hash, file);
  }
}

/** A file, a folder, or the fact that there is none. */
function addPath(hash: Hash, file: string): void {
  const info = statSync(file, { throwIfNoEntry: false });
  if (info === undefined) {
    hash.update('none\n');
  } else if (info.isDirectory()) {
    for (const name of readdirSync(file).sort()) {
      hash.update(`${name}\n`);
      addPath(hash, path.join(file, name));
    }
  } else if (info.isFile()) {
    hash.update(`${info.size}\n`);
    addFile(hash, file);
  }
}

function addFile(hash: Hash, file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

function addFrame(hash: Hash, { rows, columns }: Frame): void {
  hash.update(`${rows}\n`);
  for (const { name, type, values } of columns) {
    hash.update(`${JSON.stringify(name)} ${type}\n`);
    if (Array.isArray(values)) hash.update(JSON.stringify(values));
    else hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
}
