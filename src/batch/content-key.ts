/** What decides a model's result: when none of it has changed, neither has the result. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { deciding } from '../convert/options/conversion-options.js';
import type { ConverterManifest } from '../converters/manifest.js';
import { isNamed } from '../detect/companions.js';
import type { TrustOptions } from '../detect/trust.js';
import { packageVersion } from '../paths.js';
import type { EcKey } from '../signing/keys.js';
import { factoryFiles } from './factory.js';
import { addFiles, addFrame, addPath, sha256 } from './hashing.js';
import type { ModelOptions, ZooModel } from './zoo/zoo.js';

/** Settings of the whole run that a result depends on. */
export interface Settings {
  keepUnverified: boolean;
  /** The user's own packages, and the interpreter that environments are built with. */
  wheels?: string[] | undefined;
  requirements?: string | undefined;
  python?: string | undefined;
  /** Signs what is written. */
  signKey?: EcKey | undefined;
}

/**
 * Keys of models, in hexadecimal: sha256 over the artefact, what lies beside it and belongs to it, the sample, the
 * options, the settings and the tool's version. The converter's lock is not in it (see `lockKeys`).
 */
export function contentKeys(manifests: ConverterManifest[], settings: Settings): (model: ZooModel) => string {
  const companions = manifests.flatMap(({ formats }) => formats.flatMap((format) => format.companions ?? []));
  const listings = new Map<string, Listing>();
  const common = sha256((hash) => {
    hash.update(JSON.stringify([1, packageVersion(), settings.keepUnverified, settings.python ?? null]));
    addFiles(hash, 'wheels', settings.wheels ?? []);
    // Only where there is one: runs of before have none, and their results hold.
    if (settings.signKey !== undefined) hash.update(`signed by ${settings.signKey.fingerprint}`);
    addFiles(hash, 'requirements', settings.requirements === undefined ? [] : [settings.requirements]);
  });
  return ({ name, path: file, options, readFrom }) =>
    sha256((hash) => {
      hash.update(`${common} ${name}\n${optionsText(options)}\n`);
      addPath(hash, file);
      addFiles(hash, 'beside', besides(file, companions, listings));
      addFiles(hash, 'options', readFrom);
      addFiles(hash, 'factory', factoryFiles({ path: file, options }));
      if (typeof options.sample === 'string') addFiles(hash, options.sample, [sampleFile(options.sample)]);
      if (typeof options.sample === 'object') addFrame(hash, options.sample);
    });
}

/**
 * By converter: sha256 over its manifest, the locks of all its environments, and those of the converters that its roads
 * lead to. Without one, over all manifests: they decide that a file is no model.
 */
export function lockKeys(manifests: ConverterManifest[]): (converter: string | undefined) => string {
  const known = new Map<string | undefined, string>();
  const keyOf = (id: string | undefined): string => {
    if (id === undefined) {
      return sha256((hash) =>
        addFiles(
          hash,
          'manifest',
          manifests.map(({ folder }) => path.join(folder, 'converter.json')),
        ),
      );
    }
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

/** sha256 over what the user vouches for: what was refused for want of trust may be taken when it is another. */
export function trustKey({ all, sha256: sums = [], lock }: TrustOptions): string {
  return sha256((hash) => {
    hash.update(JSON.stringify([all === true, sums.toSorted()]));
    addFiles(hash, 'lock', lock === undefined ? [] : [lock]);
  });
}

/** Sidecars and companions: files of the same stem that conversions look for by themselves. */
function besides(file: string, companions: string[], listings: Map<string, Listing>): string[] {
  const { dir, name: stem } = path.parse(file);
  const listing = listings.get(dir) ?? list(dir);
  listings.set(dir, listing);
  const endings = ['.sample.*', '.reference.*', ...companions];
  return (listing.get(stem) ?? [])
    .filter((name) => name !== path.basename(file))
    .filter((name) => endings.some((ending) => isNamed(name.slice(stem.length), ending)))
    .map((name) => path.join(dir, name));
}

/** Names in a folder, sorted, by each stem that they may be of: a folder of thousands is looked through once. */
type Listing = Map<string, string[]>;

function list(folder: string): Listing {
  const listing: Listing = new Map();
  for (const name of readdirSync(folder).sort()) {
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const stem = name.slice(0, dot);
      const names = listing.get(stem);
      if (names === undefined) listing.set(stem, [name]);
      else names.push(name);
    }
  }
  return listing;
}

/** `duckdb:FILE#TABLE` is a table of a file. */
function sampleFile(sample: string): string {
  return sample.replace(/^duckdb:(.*)#[^#]*$/, '$1');
}

/** As JSON, in the order of their names: whoever says the same options gets the same key, in whatever order. */
function optionsText(options: ModelOptions): string {
  return JSON.stringify(Object.entries(deciding(options)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
