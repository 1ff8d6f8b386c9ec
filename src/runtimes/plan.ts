/** Where a runtime lies in the cache, and whether it is there and whole: known without a network. */

import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../environments/cache-folder.js';
import { PredictableError } from '../errors.js';
import { sha256Of, sha256OfFile } from '../files/sha256.js';
import { type NodeRuntimeVersion, type PlatformFiles, type RuntimeManifest, readRuntimeManifest } from './manifest.js';

export interface RuntimePlan {
  version: NodeRuntimeVersion;
  manifest: RuntimeManifest;
  files: PlatformFiles;
  folder: string;
  /** The native module, once it is there. */
  binding: string;
}

/** As many hexadecimal digits as keep two builds apart, and paths short. */
const KEY_LENGTH = 16;
const MARKER = 'predictable.json';

/** Size and time of a file whose hash was right. */
const seenSchema = z.object({ files: z.record(z.string(), z.object({ bytes: z.number(), modified: z.number() })) });
type Seen = z.infer<typeof seenSchema>['files'];

/** Throws ENVIRONMENT_FAILED where the runtime is not made for this machine. */
export async function planRuntime(version: NodeRuntimeVersion): Promise<RuntimePlan> {
  const manifest = await readRuntimeManifest(version);
  const platform = `${process.platform}-${process.arch}`;
  const files = manifest.platforms[platform];
  if (files === undefined) {
    throw new PredictableError('ENVIRONMENT_FAILED', `${manifest.title} is not made for ${platform}`, {
      hint: `It is made for ${Object.keys(manifest.platforms).join(', ')}.`,
    });
  }
  const key = sha256Of(JSON.stringify(files)).slice(0, KEY_LENGTH);
  const folder = path.join(cacheFolder(), 'runtimes', `onnxruntime-${version}-${platform}-${key}`);
  return { version, manifest, files, folder, binding: path.join(folder, files.binding) };
}

/**
 * Whether every file is there and is the one that was locked. Reading 46 MB takes 60 ms, so a file that has the size and
 * the time of one that was right is taken for it; a copy of the cache, whose times are others, is read.
 */
export async function isWhole({ folder, files: { files } }: Pick<RuntimePlan, 'folder' | 'files'>): Promise<boolean> {
  const seen = await readMarker(folder);
  if (seen === undefined) return false;
  const right = Object.entries(files).map(async ([name, sha256]) => {
    const file = path.join(folder, name);
    const now = await identity(file);
    if (now === undefined) return false;
    const then = seen[name];
    return (then?.bytes === now.bytes && then.modified === now.modified) || (await sha256OfFile(file)) === sha256;
  });
  return (await Promise.all(right)).every(Boolean);
}

/** Written last, once the files' hashes were right: a folder without it is not a runtime. */
export async function writeMarker(folder: string, { manifest, files: { files } }: RuntimePlan): Promise<void> {
  const seen: Seen = {};
  for (const name of Object.keys(files)) {
    const now = await identity(path.join(folder, name));
    if (now !== undefined) seen[name] = now;
  }
  await writeFile(
    path.join(folder, MARKER),
    `${JSON.stringify({ package: manifest.package, files: seen }, null, 2)}\n`,
  );
}

async function readMarker(folder: string): Promise<Seen | undefined> {
  try {
    return seenSchema.parse(JSON.parse(await readFile(path.join(folder, MARKER), 'utf8'))).files;
  } catch {
    // Not there, or damaged: either way what lies there is not taken for a runtime.
    return undefined;
  }
}

async function identity(file: string): Promise<{ bytes: number; modified: number } | undefined> {
  return stat(file).then(
    // The layers of an image keep whole seconds.
    ({ size, mtimeMs }) => ({ bytes: size, modified: Math.floor(mtimeMs / 1000) }),
    () => undefined,
  );
}
