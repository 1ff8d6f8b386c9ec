/** Fills a folder with the packages of runtimes, for machines without a network. */

import { rename } from 'node:fs/promises';
import path from 'node:path';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import { makeFolder } from '../files/write-whole.js';
import type { RuntimeOptions } from './ensure.js';
import { fetchPackage } from './fetch.js';
import {
  NODE_RUNTIMES,
  type NodeRuntimeVersion,
  packageFile,
  type RuntimeManifest,
  readRuntimeManifest,
} from './manifest.js';

interface DownloadedRuntime {
  version: NodeRuntimeVersion;
  folder: string;
  /** The package's file in the folder: it has the runtime for every platform. */
  file: string;
}

/** Fills a folder for machines without a network; `ensureRuntime` takes it as `wheelhouse`. Throws as ensureRuntime does. */
export async function downloadRuntimes(
  folder: string,
  { onProgress, signal }: Omit<RuntimeOptions, 'wheelhouse'> = {},
): Promise<DownloadedRuntime[]> {
  const target = path.resolve(folder);
  await makeFolder(target);
  const downloaded: DownloadedRuntime[] = [];
  for (const version of NODE_RUNTIMES) {
    const manifest = await readRuntimeManifest(version);
    onProgress?.({ phase: 'fetching', package: manifest.title, done: 0, total: 1 });
    await fetchInto(target, manifest, signal);
    onProgress?.({ phase: 'fetched', package: manifest.title, done: 1, total: 1 });
    downloaded.push({ version, folder: target, file: packageFile(manifest) });
  }
  return downloaded;
}

/** In a folder of its own, where nothing of the user's can be taken for npm's settings, and moved when it is the right one. */
async function fetchInto(target: string, manifest: RuntimeManifest, signal: AbortSignal | undefined): Promise<void> {
  const work = temporaryFolder('fetching', target);
  try {
    await rename(await fetchPackage(manifest, work, { signal }), path.join(target, packageFile(manifest)));
  } finally {
    await removeTemporary(work);
  }
}
