/** PyPI's model-signing and cyclonedx-python-lib, in the versions that the lock says. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { environmentManifestSchema } from '../../../src/converters/manifest.js';
import { ensureEnvironment } from '../../../src/environments/ensure.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** What the library says where it refuses; null where it is content. Throws ENVIRONMENT_FAILED where it cannot be had. */
export function peer(
  ...asked: ['sign' | 'verify', folder: string, key: string, signature: string]
): Promise<string | null> {
  return asking('peer.py', asked);
}

/** What is wrong with a bill of materials by CycloneDX's schema of 1.6; null where nothing is. */
export function complaintOfSchema(file: string): Promise<string | null> {
  return asking('bom.py', [file]);
}

async function asking(script: string, words: string[]): Promise<string | null> {
  const manifest = environmentManifestSchema.parse(
    JSON.parse(await readFile(path.join(FOLDER, 'runtime.json'), 'utf8')),
  );
  const { python } = await ensureEnvironment({ ...manifest, folder: FOLDER });
  const { exitCode, stderr } = await execa(python, [path.join(FOLDER, script), ...words], { reject: false });
  return exitCode === 0 ? null : stderr;
}
